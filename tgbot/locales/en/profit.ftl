command-profit = profit by day, week, month, with a picture
command-stats = statistics: orders, fills, drawdown, Sharpe

button-profit = 💰 Profit
button-stats = 🧮 Stats
button-chart = 🖼 Chart
button-pictures = 🖼 Pictures
button-profit-equity = 📈 Equity
button-profit-bars = 📊 { $unit }

choice-current = ✓ { $choice }
choice-part-live = 💰 Live { $quote }
choice-part-paper = 📄 Paper { $quote }
choice-pictures-light = ☀️ Light
choice-pictures-dark = 🌙 Dark

profit-title = 💰 <b>Profit</b>: { $period } · { $span }
profit-period-day = today
profit-period-week = this week
profit-period-month = this month
profit-period-all = all time
profit-which-period = “{ $said }” is no period. Say /profit day, week, month or all, or press one:
profit-part = { $part }: { $net }
profit-part-chosen = ▸ <b>{ $part }: { $net }</b>
profit-live = 💰 <b>Live, { $quote }</b>
profit-paper = 📄 <b>Paper, { $quote }</b> (simulated money, paper time)
profit-drawdown = Max drawdown: <b>{ $value } { $quote }</b> ({ $percent } % of the deposits)
profit-net = Net, realized: <b>{ $value } { $quote }</b>
profit-costs = Before costs { $gross }, fees { $fees }, funding { $funding }
profit-other-fees = Not in it, paid in other coins: { $paid }
profit-open = Open now: { $value }
profit-ratios = Sharpe { $sharpe } · profit factor { $factor }

column-net = Net
column-fees = Fees
column-open = Open
column-call = Call, ms
column-p50 = p50
column-p95 = p95
column-count = Calls
column-failed = Fail

chart-title = 🖼 <b>#{ $id } { $title }</b> · { $account }
chart-legend = Bars are resting orders, as long as what they are worth. ▲ bought, ▼ sold.

pictures-title = 🖼 <b>Pictures</b>
  Telegram does not tell me whether your chat is light or dark. Which pictures shall I draw?
pictures-set-light = Pictures are light now.
pictures-set-dark = Pictures are dark now.

stats-title = 🧮 <b>Statistics</b>, all time
stats-no-bots = You have no bots yet.
stats-profits = Net in { $quote }: today <b>{ $day }</b>, week { $week }, month { $month }, all <b>{ $all }</b>
stats-orders = Active orders: <b>{ $active }</b>, finished: { $ended }
stats-filled = Filled whole: { $share } of the finished ones · maker: { $maker } of the volume
stats-take-profit = Mean profit of a take-profit: <b>{ $value } { $quote }</b> ({ $count ->
    [one] { $count } take-profit
   *[other] { $count } take-profits
  })
stats-rounds = Rounds a day: { $value }
stats-requotes = Re-quotes since the start: { $count }
stats-system = 🛠 <b>System</b>
stats-lag = Event loop lag, ms: p50 { $p50 }, p95 { $p95 }, longest { $longest }
stats-memory = Memory: { $memory } MB · database: { $database } MB
stats-queues = Queues: { $writes } database writes, { $notices } messages
stats-no-gaps = Stream gaps: none
stats-gaps = Stream gaps: { $told }
stats-budgets = <b>Request budgets</b>, last minute
stats-budget = { $venue } { $channel } ({ $account }): { $share } of { $rate }, queue { $queued }
stats-calls = <b>Calls to { $venue }</b>
stats-since-start = Calls, gaps and re-quotes are counted since the bot was started; times are of the newest 512 calls.

stream-book = books
stream-private = private
channel-rest = REST
channel-orders = order socket

picture-stop = Stop
picture-profit-title = All bots
picture-profit-by_hour = By hour
picture-profit-by_day = By day
picture-profit-by_week = By week
picture-profit-by_month = By month
picture-profit-profit_equity = Profit with open
picture-profit-profit_bars = Realized, net
picture-profit-drawdown = Max drawdown
picture-profit-best = Best
picture-profit-worst = Worst
picture-timeframe-1m = 1 min candles
picture-timeframe-5m = 5 min candles
picture-timeframe-15m = 15 min candles
picture-timeframe-1h = 1 h candles
picture-timeframe-4h = 4 h candles
