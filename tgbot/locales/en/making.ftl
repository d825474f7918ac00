strategy-grid = Grid
strategy-about-grid = <b>Grid</b>: a ladder of entries, each larger than the last, and one take-profit for the whole position. It earns on bounces and can lose the deposit in a long one-way move.
make-title = ➕ <b>New bot</b> · { $strategy }
make-strategy = ➕ <b>New bot.</b> Which strategy?
make-account = On which account? Paper is simulated money: nothing can be lost.
make-key = 💰 { $name } …{ $tail }
make-key-unproven = 💰 🧪 { $name } …{ $tail }
make-pairs = 📈 <b>Which pair?</b> Press one or several, then Done. Or type a part of its name, like <code>crv</code>.
make-pair-one = 📈 <b>Which pair?</b> Press it. Or type a part of its name, like <code>crv</code>.
make-pairs-busiest = The busiest now, with price and daily volume:
make-pairs-found = Found for “{ $text }”, with price and daily volume:
make-pairs-none = Nothing found for “{ $text }”. Type another part, like <code>btc</code>.
make-pairs-chosen = Chosen: <b>{ $pairs }</b>.{ $count ->
    [one] {""}
   *[other] {" "}Each pair gets its own bot with its own money.
  }
make-pairs-most = At most { $count } pairs at once.
make-pairs-first = Choose a pair first.
make-pair = { $title } · { $price } · { $volume }
make-canceled = ✖️ Nothing was made.
made = 🚀 <b>{ $count ->
    [one] Bot started
   *[other] { $count } bots started
  }:</b> { $names } · { $account }
button-add-key = 🔑 Add a key
button-done = ✅ Done ({ $count })
button-busiest = 🔝 Busiest
button-advanced = ⚙️ Advanced
button-basic = ‹ Basic settings
button-preview = 👁 Preview and start

field-question = ✏️ <b>{ $name }?</b>
field-now = Now: <b>{ $value }</b>
field-default = Default: <b>{ $value }</b>
summary-title = 🧾 <b>{ $strategy }</b> · { $account }
summary-pairs = { $count ->
    [one] Pair
   *[other] Pairs
  }: <b>{ $pairs }</b>
summary-line = { $name }: <b>{ $value }</b>
summary-edit = Press a setting to change it, or look at the preview.
summary-advanced = Advanced settings: the defaults suit most people.

answer-choose = Press one of the buttons.
answer-press-or-type = Press a button or type { $wanted }.
answer-type = Type { $wanted }.
answer-text = it yourself
answer-number = a number
answer-number-between = a number from { $low } to { $high }
answer-number-above = a number above { $low }, at most { $high }
answer-number-over = a number above { $low }
answer-number-from = a number from { $low } up
answer-whole = a whole number
answer-whole-between = a whole number from { $low } to { $high }
answer-whole-above = a whole number above { $low }, at most { $high }
answer-whole-over = a whole number above { $low }
answer-whole-from = a whole number from { $low } up
answer-would-work = 🛠 It would work with <b>{ $values }</b>, or with other settings: the preview offers them.
answer-problem = ❗ <b>{ $name }</b>: { $problem }
answer-ambiguous_comma = is that { $whole } or { $part }? Write it without the comma.
answer-not_a_number = that is not a number. Digits only, like 25 or 1.5.
answer-not_whole = a whole number is needed, like 12.
answer-not_between = it has to be from { $low } to { $high }.
answer-not_above_up_to = it has to be more than { $low } and at most { $high }.
answer-not_above = it has to be more than { $low }.
answer-too_small = it has to be at least { $low }.
answer-too_big = it has to be at most { $high }.
answer-too_long = that is too long: at most { $limit } characters.
answer-not_a_market = write it like ABC/USDT.
answer-not_a_venue = write the exchange's name in Latin letters, like kucoin.
answer-not_like_this = that does not look right.
answer-not_a_choice = press one of the buttons.
invalid-line = <b>{ $name }</b>: { $problem }
invalid-whole = { $problem }
invalid-active_levels = Resting levels ({ $active }) must be fewer than grid levels ({ $levels }): the first level is a market order and does not rest.
invalid-growth = ×{ $multiplier } over { $levels } levels makes the last one more than { $most } times the first. Lower one of them.
invalid-step_growth = Steps growing ×{ $multiplier } over { $levels } levels make the last more than { $most } times the first. Lower one of them.

choice-on = on
choice-empty = not set
choice-empty-reference_symbol = the same pair
value-active_levels-0 = all
choice-off = off
choice-off-max_cycles = no limit
choice-long = Long
choice-short = Short
choice-isolated = Isolated
choice-cross = Cross
choice-classic = Classic
choice-exact = Exact
choice-refuse = Refuse
choice-merge = Merge
unit-quote = { $value } { $quote }
unit-percent = { $value } %
unit-seconds = { $value } s
unit-times = ×{ $value }
unit-levels = { $value }
unit-cycles = { $value }

field-deposit = Deposit
about-deposit = Money set aside for each pair, in USDT. Times the leverage, it is the most that the whole grid may be worth.
field-leverage = Leverage
about-leverage = How many times the deposit the grid may be worth. The higher, the nearer the liquidation.
field-margin_mode = Margin mode
about-margin_mode = Isolated: a liquidation takes this position's margin only. Cross: the whole wallet stands behind it.
field-direction = Direction
about-direction = Long buys while the price falls and earns when it rises. Short mirrors it.
field-grid_levels = Grid levels
about-grid_levels = Number of orders, the first market order included.
field-coverage_percent = Coverage
about-coverage_percent = How far the last level lies from the first.
field-martingale_multiplier = Martingale
about-martingale_multiplier = How many times larger each level is than the one before it.
field-small_levels = Small levels
about-small_levels = Levels below the exchange's minimum: refuse to start, or merge them into the nearest level towards the first.
field-step_multiplier = Step multiplier
about-step_multiplier = 1: even steps. Above 1 each step is this many times as wide as the one before.
field-sizing = Sizing
about-sizing = Classic prices every level at the first price. Exact prices each level at its own, so that the whole deposit is used.
field-take_profit_percent = Take-profit
about-take_profit_percent = How far beyond the average entry the whole position is closed.
field-cooldown_seconds = Cycle pause
about-cooldown_seconds = How long to wait after a cycle before the next begins at the new price.
field-tracking_seconds = Status check
about-tracking_seconds = How often orders are asked for while the exchange's private stream is missing or silent.
field-stop_loss_percent = Stop-loss
about-stop_loss_percent = Close everything when a cycle has lost this share of the deposit.
field-max_cycles = Cycles
about-max_cycles = Stop after this many finished cycles.
field-active_levels = Resting levels
about-active_levels = Rest only this many of the nearest levels, so that less margin is locked. 0: all.
