preview-title = 👁 <b>{ $title }</b> · { $account } · цена { $price }
preview-place = Пара { $place } из { $all }
preview-caption = 👁 <b>{ $title }</b> · { $account }
preview-at-risk = 💥 Можно потерять: до <b>{ $value } { $quote }</b>
preview-worst-case = Худший случай: убыток { $value } { $quote }
preview-equity = На счёте: { $value } { $quote }
preview-holdings = На счёте: { $value } { $quote }, { $held } { $base }
preview-prices = 📈 Цены: { $prices }
preview-times = На каждую пару, всего пар: { $count }.
preview-making = Рисую предпросмотр…
preview-mark-unreachable = ✗ ликвидация или стоп наступит раньше этого уровня
preview-mark-objection = ! биржа отклонит этот ордер
preview-others-refused = ⛔ Также не пройдут: { $pairs }
preview-refused = ⛔ <b>Так запустить нельзя.</b> Выберите исправление ниже или измените настройки.
preview-danger = ⚠️ <b>Запустить можно, но прочтите предупреждения.</b> Кнопки со щитом ниже снижают риск.
preview-ready-paper = ✅ Готово. На бумаге реальных потерь не бывает.
preview-ready-live = ✅ Готово. Старт — это торговля на реальные деньги.
column-level = #
column-cost = сумма
column-average = сред
column-liquidation = ликв
figure-total_cost = Все уровни вместе: { $value } { $quote }
figure-margin = Маржа под них: { $value } { $quote }
figure-fees = Комиссии на вход: { $value } { $quote }
figure-take_profit = Тейк-профит всей сетки: { $value }
figure-bounce_percent = От последнего уровня до него: { $value } %
danger-title = ⚠️ <b>Вы уверены?</b> { $pairs } · { $account }
danger-question-unproven = Всё равно запустить?
danger-question = Такое случается в обычную неделю. Всё равно запустить?
button-start-paper = 📄 Старт на бумаге
button-start-anyway = ⚠️ Риск понимаю, старт
button-edit-back = ✏️ Изменить
offer-mend = 🛠 { $changes }
offer-survive = 🛡 { $changes }
offer-taken = Изменено: { $changes }

finding-recording_ended = Запись кончилась: цена стоит на месте, исполняться ничего не будет.
finding-unproven_venue = <b>Эта биржа не проверена с Makergram:</b> как она принимает, меняет, исполняет и отклоняет ордера, на деле никто не проверял. Судьба ордера может оставаться неясной минуту-другую, а стоп-ордера на самой бирже не стоят. Начните с малого и присматривайте.
finding-other = { $code } { $values }
finding-below_min_cost = { $count ->
    [one] { $count } ордер меньше
    [few] { $count } ордера меньше
   *[other] { $count } ордеров меньше
  } минимума биржи в { $minimum } { $quote }.
finding-below_min_amount = { $count ->
    [one] { $count } ордер меньше
    [few] { $count } ордера меньше
   *[other] { $count } ордеров меньше
  } минимального объёма биржи { $minimum }.
finding-above_max_amount = { $count ->
    [one] { $count } ордер больше
    [few] { $count } ордера больше
   *[other] { $count } ордеров больше
  } максимального объёма биржи { $maximum }.
finding-no_price = { $count ->
    [one] У { $count } ордера
   *[other] У { $count } ордеров
  } не будет допустимой цены (шаг { $minimum }).
finding-levels_share_price = { $count ->
    [one] { $count } уровень попадает
    [few] { $count } уровня попадают
   *[other] { $count } уровней попадают
  } на ту же цену, что и соседний: шаг цены { $tick }. Поможет меньшее число уровней или большее перекрытие.
finding-leverage_too_high = Плечо ×{ $leverage } больше, чем биржа здесь даёт: ×{ $maximum }.
finding-equity_too_small = Депозит { $deposit } больше, чем есть на счёте: { $equity } { $quote }.
finding-take_profit_below_fees = Тейк-профит { $percent } % не покрывает комиссии { $fees } %.
finding-unreachable_levels = <b>Ликвидация около { $price }</b> после { $count_fills ->
    [one] { $count_fills } исполнения
   *[other] { $count_fills } исполнений
  }: начиная с { $level }-го, { $count ->
    [one] { $count } уровень недостижим
    [few] { $count } уровня недостижимы
   *[other] { $count } уровней недостижимы
  }.
finding-liquidated_at_last_level = <b>Ликвидация около { $price }</b>, сразу за последним уровнем ({ $level }).
finding-maintenance_unknown = Биржа не сообщает поддерживающую маржу; принято { $percent } %, поэтому ликвидация — лишь оценка.
finding-levels_beyond_stop = Стоп-лосс около { $price } наступит раньше уровня { $level }: { $count ->
    [one] { $count } уровень недостижим
    [few] { $count } уровня недостижимы
   *[other] { $count } уровней недостижимы
  }.
finding-overspend_capped = По формуле ушло бы { $wanted } из { $available } { $quote }; объём уменьшен, чтобы уложиться.
finding-levels_merged = Мелкие уровни объединены: ордеров { $after } вместо { $before }.
finding-money_unused = { $percent } % денег не используется. Точный расчёт использует всё.
finding-fee_reserve = { $amount } { $quote } отложено на комиссии входа.
finding-cross_wallet = Кросс-маржа: { $known ->
    [true] за эту позицию отвечает весь кошелёк, { $wallet } { $quote }.
   *[other] за эту позицию отвечает весь кошелёк.
  }

picture-price = Цена
picture-average = Средняя
picture-take_profit = Тейк-профит
picture-liquidation = Ликвидация
picture-unreachable = недостижимо
picture-paper = бумага
picture-below_min_cost = меньше минимума
picture-below_min_amount = меньше минимума
picture-above_max_amount = больше максимума
