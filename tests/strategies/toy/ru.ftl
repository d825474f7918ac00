strategy-toy = Игрушка
strategy-about-toy = <b>Игрушка</b>: один раз покупает ниже цены.
field-pocket_money = Карманные деньги
about-pocket_money = Сколько может стоить единственный ордер.
field-patience_percent = Терпение
about-patience_percent = Насколько ниже цены ждать.
figure-toy_price = Ждёт на { $value } { $quote }
figure-report-toy_fills = Сделок игрушки: { $value }
finding-toy_is_a_toy = { $count_toys ->
    [one] Это { $count_toys } игрушка.
    [few] Это { $count_toys } игрушки.
   *[other] Это { $count_toys } игрушек.
  }
doing-toy-waits = Ждёт на { $price }, чтобы купить { $base }
cause-toy_luck = удача
notice-toy_bought = 🧸 Игрушка: { $side ->
    [sell] продано
   *[other] куплено
  } { $amount } { $base } по { $price } { $quote }, на { $patience } % дешевле, причина — { $cause }
