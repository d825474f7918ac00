notice-entry_filled = { $count ->
    [one] 🔹 Исполнен { $count } вход
    [few] 🔹 Исполнено { $count } входа
   *[other] 🔹 Исполнено { $count } входов
  }
notice-entry_filled-line = { $side ->
    [sell] продано
   *[other] куплено
  } { $amount } по { $price }
notice-entry_filled-end = Позиция { $position }, средний вход <b>{ $average }</b>
notice-take_profit_placed = 🎯 Тейк-профит { $moved ->
    [yes] перенесён
   *[no] поставлен
  } на <b>{ $price }</b>, объём { $amount } (средний вход { $average })
notice-cycle_started = 🔁 Цикл { $number } начат по { $price }: { $orders ->
    [one] { $orders } ордер
    [few] { $orders } ордера
   *[other] { $orders } ордеров
  }
notice-cycle_finished = { $net_sign ->
    [plus] 🎉
    [minus] 🔻
   *[zero] ▫️
  } <b>Цикл { $number } закончен</b>: { $cause }
notice-cycle_finished-net =
    Чистыми <b>{ $net } { $quote }</b> ({ $percent_of_position } % от позиции, { $percent_of_deposit } % от депозита)
    До вычетов { $gross }, комиссии { $fees }, фандинг { $funding }
notice-cycle_finished-other_fees = Сверх того комиссии в других монетах: { $other_fees }
figure-report-other_fees = Сверх того комиссии в других монетах: { $value }
notice-cycle_finished-cooldown_seconds = Следующий цикл через { $cooldown_seconds }
notice-drawdown_alert = 📉 <b>Просадка { $percent_of_deposit } % депозита</b> ({ $loss } { $quote })
