strategy-peg = Пег
strategy-about-peg = <b>Пег</b> (спот): держит цену в коридоре. Выкупает то, что отдают слишком дёшево, и продаёт тем, кто даёт слишком дорого.
doing-peg-sweep = Возвращает цену в коридор
doing-peg-quotes = Цена в коридоре; внутри стоят котировки
doing-peg-watching = Цена в коридоре, наблюдает
doing-peg-pair = Цена в коридоре, торгует сам с собой
doing-peg-idle = Цена в коридоре; активности нет: не хватает денег, монет или места
bot-deposit-peg = Покупает не больше чем на { $value } { $quote } за интервал

choice-quotes = Котировки
choice-self-trade = Сам с собой
choice-interval = Раз в интервал
choice-stream = Сразу
unit-price = { $value } { $quote }
unit-distance = { $value } { $quote }
unit-base = { $value } { $base }
unit-decimals = { $value }

field-price = Нужная цена
about-price = Цена, которую нужно держать, в валюте котировки.
field-deviation = Отклонение
about-deviation = Насколько цена может уйти в каждую сторону, прежде чем бот её вернёт. В валюте котировки, не в процентах.
field-base_min_balance = Резерв монеты
about-base_min_balance = Столько монеты всегда остаётся на счёте.
field-base_order_limit = Лимит продажи
about-base_order_limit = Сколько монеты можно продать за один интервал.
field-quote_min_balance = Резерв денег
about-quote_min_balance = Столько валюты котировки всегда остаётся на счёте.
field-quote_order_limit = Лимит покупки
about-quote_order_limit = Сколько валюты котировки можно потратить за один интервал.
field-base_precision = Знаков в объёме
about-base_precision = Если шаг биржи крупнее, действует он.
field-quote_precision = Знаков в цене
about-quote_precision = Если шаг биржи крупнее, действует он.
field-interval_seconds = Интервал
about-interval_seconds = Как часто смотреть в стакан; лимиты действуют на это же время.
field-react = Реакция
about-react = Раз в интервал или сразу, как только цена вышла из коридора. Лимиты в любом случае на интервал.
field-activity = Активность в коридоре
about-activity = Котировки: покупка и продажа случайного объёма стоят внутри коридора, взять их может любой. Сам с собой — только на бумаге и в тестовых сетях: ордер, который бот исполняет сам.

figure-can_spend = Сейчас можно потратить: { $value } { $quote }
figure-can_sell = Сейчас можно продать: { $value } { $base }
figure-low = Покупает по { $value } { $quote } и ниже
figure-high = Продаёт по { $value } { $quote } и выше
figure-price_step = Шаг цены: { $value } { $quote }
figure-amount_step = Шаг объёма: { $value } { $base }
finding-price_outside_band = Цена { $price } вне коридора от { $low } до { $high }: <b>бот сразу начнёт торговать против рынка</b>, интервал за интервалом.
finding-nothing_to_spend = Покупать пока не на что: на счёте { $held } { $quote }, а { $minimum } не трогаем.
finding-nothing_to_sell = Продавать пока нечего: на счёте { $held } { $base }, а { $minimum } не трогаем.
finding-nothing_to_trade = Торговать нечем: на счёте { $quote_held } { $quote } (не трогаем { $quote_kept }) и { $base_held } { $base } (не трогаем { $base_kept }). Оставляйте меньше или пополните счёт.
finding-quote_limit_above_funds = Лимит покупки { $limit } { $quote } целиком потратить не выйдет: можно только { $available } { $quote }.
finding-base_limit_above_funds = Лимит продажи { $limit } { $base } целиком продать не выйдет: можно только { $available } { $base }.
finding-venue_precision_wins = Шаг { $field ->
    [base_precision] объёма
   *[other] цены
  } у биржи крупнее, действует он: { $step }.
finding-self_trade_allowed_here = Торгует сам с собой: здесь можно лишь потому, что обманывать некого.
finding-self_trade_forbidden = Сделки с самим собой на открытом рынке — это wash trading, манипулирование рынком: его запрещают все эти биржи и законы большинства стран. Выберите котировки или выключите активность.
finding-quote_limit_too_small = Лимит покупки { $limit } { $quote } меньше минимального ордера биржи: { $minimum } { $quote }.
finding-base_limit_too_small = Лимит продажи { $limit } { $base } меньше минимального ордера биржи: { $minimum } { $base }.
finding-band_too_narrow = Для котировок внутри коридора нет места: шаг цены { $step }.
notice-sweep_filled = { $count ->
    [1] 🧲 <b>Цена возвращена в коридор</b>
    [few] 🧲 <b>Цена возвращена в коридор</b>: { $count } раза
   *[other] 🧲 <b>Цена возвращена в коридор</b>: { $count } раз
  }
notice-sweep_filled-line = { $side ->
    [sell] продано { $amount } { $base }, в среднем по { $price }, за { $cost } { $quote }: покупали по { $edge } и выше
   *[other] куплено { $amount } { $base }, в среднем по { $price }, за { $cost } { $quote }: продавали по { $edge } и ниже
  }
notice-band_quote_filled = { $count ->
    [one] 🔹 Исполнена { $count } котировка
    [few] 🔹 Исполнено { $count } котировки
   *[other] 🔹 Исполнено { $count } котировок
  }
notice-band_quote_filled-line = { $side ->
    [sell] продано
   *[other] куплено
  } { $amount } { $base } по { $price }
notice-self_trade_refused = ⛔ <b>Сделки с самим собой отклонены.</b> На открытом рынке это wash trading, поэтому такие ордера не ставлю. Остальное работает; выберите другую активность в коридоре.
invalid-deviation = Отклонение ({ $deviation }) должно быть меньше цены ({ $price }).
