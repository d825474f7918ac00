bots-none = You have no bots yet.
bots-title = 🤖 <b>Your bots</b>: { $count }
bots-legend = 🟢 working, ⏳ pause between cycles, ⏸ paused, 🟠 stopping, ⏹ stopped. The number is net profit.
bots-more = …and { $count } more
bots-line-live = { $mark } #{ $id } { $title } { $profit }
bots-line-unproven = { $mark } 🧪 #{ $id } { $title } { $profit }
bots-line-paper = { $mark } 📄 #{ $id } { $title } { $profit }

bot-title = { $mark } <b>#{ $id } { $title }</b> · { $account }
bot-price = Price: <b>{ $price }</b>
bot-price-stale = Price: { $price } (stale)
bot-orders = Open orders: { $count }
bot-no-position = No position
bot-position-long = Long <b>{ $amount } { $base }</b>, average entry { $average }
bot-position-short = Short <b>{ $amount } { $base }</b>, average entry { $average }
bot-take-profit = Take-profit at { $price }
bot-no-take-profit = ⚠️ No take-profit on the exchange at this moment
bot-unrealized = Unrealized: { $value }
bot-today = Today, net of fees: <b>{ $value }</b>
bot-today-paper = Today (paper time), net of fees: <b>{ $value }</b>
bot-realized = In all, net of fees: <b>{ $value }</b>, { $cycles ->
    [one] one cycle
   *[other] { $cycles } cycles
  }
bot-deposit = Deposit { $value }, result { $percent } %
bot-error = ⚠️ { $error }
bot-paper-note = 📄 Simulated money.
bot-unproven-note = 🧪 { $venue } is not proven with Makergram: look at it yourself now and then.
bot-has-changed = The bot has changed since. This is how it stands now.

activity-running = Working
activity-cooling_down = Pause between cycles
activity-cooling_down-until = Pause between cycles until { $until }
activity-cooling_down-paper = Pause between cycles until { $until }, paper time
activity-paused = Paused: no new entries, take-profit is kept
activity-stopping = Stopping
activity-stopped = Stopped
activity-because = { $activity } ({ $cause })

cause-user = you asked for it
cause-closed_by_user = closed by you
cause-panic = panic
cause-errors = too many errors in a row
cause-credentials = the exchange refused the key
cause-maintenance = maintenance
cause-crash = an error of ours; orders stay as they are
cause-max_cycles = all cycles done
cause-stop_loss = stop-loss
cause-take_profit = take-profit
cause-closed_elsewhere = the position was closed outside the bot
cause-liquidated = liquidation
cause-other = { $code }

button-pause = ⏸ Pause
button-resume = ▶️ Resume
button-stop = ⏹ Stop
button-start = ▶️ Start
button-orders = 📋 Orders
button-edit = ✏️ Edit
refreshed = Refreshed
paused = Paused. No new entries; the take-profit is kept.
resumed = Working again
stopping = Stopping. The card shows when it is done.
stopped = Stopped
started = Started
starting = Starting…
deleted = Deleted

orders-title = 📋 <b>#{ $id } { $title }</b> · { $account }
orders-live = <b>On the exchange: { $count }</b>
orders-none = No orders on the exchange.
orders-recent = <b>Recent</b>
column-order = order
column-price = price
column-amount = amount
column-time = time
column-state = state
side-buy = buy
side-sell = sell
role-take_profit = TP
role-stop_loss = SL
role-close = close
order-intended = queued
order-sent = sent
order-unknown = asking
order-open = open
order-partly_filled = part
order-filled = filled
order-canceled = canceled
order-expired = expired
order-rejected = refused

stop-title = ⏹ <b>How shall #{ $id } { $title } stop?</b> · { $account }
stop-keep_exit = <b>Keep the take-profit.</b> No new entries. Position and take-profit stay; the bot ends when the position is closed. Until then it can still lose.
stop-cancel_orders = <b>Cancel all orders.</b> The take-profit and stop-loss too. The position stays on the exchange with nothing to close it: it is yours to look after.
stop-close_all = <b>Close everything.</b> Cancel all orders and close the position at the market now, at whatever price the book gives.
stop-sure = <b>Stop #{ $id } { $title }?</b> · { $account }
button-stop-keep_exit = Keep the take-profit
button-stop-cancel_orders = Cancel all orders
button-stop-close_all = Close everything
button-stop-yes-keep_exit = Yes, keep the take-profit
button-stop-yes-cancel_orders = Yes, cancel all orders
button-stop-yes-close_all = Yes, close at the market

start-again = ▶️ <b>Start #{ $id } { $title } again?</b> · { $account }
start-danger = ⚠️ Read the warnings above. Start anyway?
delete-bot-sure = 🗑 <b>Delete #{ $id } { $title }?</b> Its history goes with it (net profit { $profit }). This cannot be undone.


status-title = 📊 <b>Status</b>
status-live = 💰 <b>Live</b>
status-paper = 📄 <b>Paper</b>
status-total = Unrealized { $unrealized }, realized net <b>{ $realized }</b> { $quote }
status-legend = ▸ working, ~ between cycles, ‖ paused, … stopping, × stopped
status-error = ⚠️ #{ $id } { $title }: { $error }
column-bot = #
column-pair = pair
column-position = pos
column-orders = ord
column-unrealized = open
column-realized = net

panic-title = 🚨 <b>Cancel everything and close now?</b>
panic-what = Every order of your bots is canceled and every position they hold is closed at the market: { $live } live, { $paper } paper. The bots stop.
panic-slippage = A market close takes whatever the book gives. Orders and positions that are not the bots' stay untouched.
panic-begun = 🚨 Canceling and closing…
panic-done = 🚨 <b>Canceling and closing: { $count ->
    [one] one bot
   *[other] { $count } bots
  }.</b>
panic-line = { $mark } #{ $id } { $title }: orders left { $orders }, position { $position }
panic-follows = What was canceled and closed follows in messages, bot by bot; so does what has to wait for an exchange.
button-panic-yes = 🚨 Yes, close everything now
