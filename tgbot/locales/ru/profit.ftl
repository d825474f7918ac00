command-profit = прибыль за день, неделю, месяц, с картинкой
command-stats = статистика: ордера, сделки, просадка, Шарп

button-profit = 💰 Прибыль
button-stats = 🧮 Статистика
button-chart = 🖼 График
button-pictures = 🖼 Картинки
button-profit-equity = 📈 Капитал
button-profit-bars = 📊 { $unit }

choice-current = ✓ { $choice }
choice-part-live = 💰 Реальные { $quote }
choice-part-paper = 📄 Бумага { $quote }
choice-pictures-light = ☀️ Светлые
choice-pictures-dark = 🌙 Тёмные

profit-title = 💰 <b>Прибыль</b>: { $period } · { $span }
profit-period-day = сегодня
profit-period-week = эта неделя
profit-period-month = этот месяц
profit-period-all = за всё время
profit-which-period = «{ $said }» — не период. Напишите /profit день, неделя, месяц или всё — либо нажмите:
profit-part = { $part }: { $net }
profit-part-chosen = ▸ <b>{ $part }: { $net }</b>
profit-live = 💰 <b>Реальные, { $quote }</b>
profit-paper = 📄 <b>Бумага, { $quote }</b> (деньги условные, время бумажное)
profit-drawdown = Макс. просадка: <b>{ $value } { $quote }</b> ({ $percent } % депозитов)
profit-net = Реализованная, чистая: <b>{ $value } { $quote }</b>
profit-costs = До издержек { $gross }, комиссии { $fees }, фандинг { $funding }
profit-other-fees = Сверх того уплачено в других монетах: { $paid }
profit-open = Открыто сейчас: { $value }
profit-ratios = Шарп { $sharpe } · профит-фактор { $factor }

column-net = Чистая
column-fees = Комис.
column-open = Откр.
column-call = Вызов, мс
column-p50 = p50
column-p95 = p95
column-count = Всего
column-failed = Сбой

chart-title = 🖼 <b>#{ $id } { $title }</b> · { $account }
chart-legend = Полосы — стоящие ордера, длина по стоимости. ▲ покупка, ▼ продажа.

pictures-title = 🖼 <b>Картинки</b>
  Telegram не сообщает мне, светлый у вас чат или тёмный. Какие картинки рисовать?
pictures-set-light = Теперь картинки светлые.
pictures-set-dark = Теперь картинки тёмные.

stats-title = 🧮 <b>Статистика</b> за всё время
stats-no-bots = Ботов пока нет.
stats-profits = Чистая прибыль, { $quote }: сегодня <b>{ $day }</b>, неделя { $week }, месяц { $month }, всего <b>{ $all }</b>
stats-orders = Активных ордеров: <b>{ $active }</b>, завершённых: { $ended }
stats-filled = Исполнено целиком: { $share } завершённых · мейкер: { $maker } оборота
stats-take-profit = Средняя прибыль тейк-профита: <b>{ $value } { $quote }</b> ({ $count ->
    [one] { $count } тейк-профит
    [few] { $count } тейк-профита
   *[other] { $count } тейк-профитов
  })
stats-rounds = Циклов в день: { $value }
stats-requotes = Перестановок с запуска: { $count }
stats-system = 🛠 <b>Система</b>
stats-lag = Задержка цикла событий, мс: p50 { $p50 }, p95 { $p95 }, наибольшая { $longest }
stats-memory = Память: { $memory } МБ · база: { $database } МБ
stats-queues = Очереди: записей в базу { $writes }, сообщений { $notices }
stats-no-gaps = Обрывов потоков нет
stats-gaps = Обрывы потоков: { $told }
stats-budgets = <b>Лимиты запросов</b>, за последнюю минуту
stats-budget = { $venue } { $channel } ({ $account }): { $share } из { $rate }, в очереди { $queued }
stats-calls = <b>Вызовы { $venue }</b>
stats-since-start = Вызовы, обрывы и перестановки считаются с запуска бота; время — по последним 512 вызовам.

stream-book = стаканы
stream-private = приватный
channel-rest = REST
channel-orders = сокет ордеров

picture-stop = Стоп
picture-profit-title = Все боты
picture-profit-by_hour = По часам
picture-profit-by_day = По дням
picture-profit-by_week = По неделям
picture-profit-by_month = По месяцам
picture-profit-profit_equity = Прибыль с открытой
picture-profit-profit_bars = Реализованная, чистая
picture-profit-drawdown = Макс. просадка
picture-profit-best = Лучший
picture-profit-worst = Худший
picture-timeframe-1m = свечи 1 мин
picture-timeframe-5m = свечи 5 мин
picture-timeframe-15m = свечи 15 мин
picture-timeframe-1h = свечи 1 ч
picture-timeframe-4h = свечи 4 ч
