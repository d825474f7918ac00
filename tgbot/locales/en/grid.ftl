notice-entry_filled = { $count ->
    [one] 🔹 Entry filled
   *[other] 🔹 { $count } entries filled
  }
notice-entry_filled-line = { $side ->
    [sell] sold
   *[other] bought
  } { $amount } at { $price }
notice-entry_filled-end = Position { $position }, average entry <b>{ $average }</b>
notice-take_profit_placed = 🎯 Take-profit { $moved ->
    [yes] moved to
   *[no] placed at
  } <b>{ $price }</b> for { $amount } (average entry { $average })
notice-cycle_started = 🔁 Cycle { $number } began at { $price }: { $orders ->
    [one] one order
   *[other] { $orders } orders
  }
notice-cycle_finished = { $net_sign ->
    [plus] 🎉
    [minus] 🔻
   *[zero] ▫️
  } <b>Cycle { $number } finished</b>: { $cause }
notice-cycle_finished-net =
    Net <b>{ $net } { $quote }</b> ({ $percent_of_position } % of the position, { $percent_of_deposit } % of the deposit)
    Gross { $gross }, fees { $fees }, funding { $funding }
notice-cycle_finished-other_fees = Not in it, fees in other coins: { $other_fees }
figure-report-other_fees = Not in it, fees in other coins: { $value }
notice-cycle_finished-cooldown_seconds = Next cycle in { $cooldown_seconds }
notice-drawdown_alert = 📉 <b>Drawdown { $percent_of_deposit } % of the deposit</b> ({ $loss } { $quote })
