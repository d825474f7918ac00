strategy-toy = Toy
strategy-about-toy = <b>Toy</b>: buys once, below the price.
field-pocket_money = Pocket money
about-pocket_money = What the one order may cost.
field-patience_percent = Patience
about-patience_percent = How far below the price it waits.
figure-toy_price = Waits at { $value } { $quote }
figure-report-toy_fills = Fills of the toy: { $value }
finding-toy_is_a_toy = { $count_toys ->
    [one] It is one toy.
   *[other] It is { $count_toys } toys.
  }
doing-toy-waits = Waiting at { $price } to buy { $base }
cause-toy_luck = luck
notice-toy_bought = 🧸 Toy { $side ->
    [sell] sold
   *[other] bought
  } { $amount } { $base } at { $price } { $quote }, { $patience } % cheaper, by { $cause }
