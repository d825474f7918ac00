command-orders = open orders of all my bots
command-balance = balances by key
command-price = price and spread of a pair: /price crv
command-pause = pause one bot or all
command-resume = resume one bot or all
command-stop = stop one bot or all

orders-all-title = 📋 <b>Open orders</b>, page { $page } of { $pages }
orders-all-title-one = 📋 <b>Open orders</b>
orders-all-none = No bot of yours has orders on an exchange.
orders-all-bot = <b>#{ $id } { $title }</b> · { $account }: { $count ->
    [0] no orders
    [one] one order
   *[other] { $count } orders
  }
button-orders-of = 📋 #{ $id } { $title } ({ $count })

orders-cancel-how = Press an order to cancel it. The take-profit goes only when the position is closed or the bot is stopped.
button-cancel-order = ✖ { $side } { $price }
cancel-order-title = ✖ <b>Cancel this order?</b> #{ $id } { $title } · { $account }
cancel-order-what = { $side } <b>{ $amount } { $base }</b> at <b>{ $price }</b>
cancel-order-stays = It does not come back in this cycle. The bot goes on with its other orders and places it again in the next cycle.
cancel-order-stays-spot = It does not come back in this round. The bot goes on with its other orders.
cancel-order-returns = ⚠️ The bot keeps an order here all the time: it comes back at once. To keep it away, pause the bot.
cancel-order-begun = Canceling. I will tell you when the exchange has confirmed it.
button-cancel-order-yes = ✖ Yes, cancel the order

button-reduce = ✂️ Reduce or close
reduce-title = ✂️ <b>Close how much?</b> #{ $id } { $title } · { $account }
reduce-how = A market order closes the part at whatever the book gives. The bot goes on; its take-profit follows what is left.
reduce-how-spot = A market order sells the part of what the bot holds at whatever the book gives. Your own coins stay untouched; the bot goes on with what is left.
reduce-too-little = The position is too small to be split: a part of it, or the rest, would be below the exchange's minimum.
reduce-close-all = <b>Close all</b> cancels the bot's orders, closes the whole position and stops the bot.
reduce-underway = ⏳ A part is being closed at this moment.
button-reduce-share = { $percent } % ({ $amount } { $base })
button-reduce-all = 🛑 Close all and stop
reduce-sure = ✂️ <b>Close a part now?</b> #{ $id } { $title } · { $account }
reduce-what = <b>{ $percent } %</b>: about <b>{ $amount } { $base }</b> of { $held } { $base }, at the market.
reduce-result = At { $price } that is about <b>{ $value }</b>, before fees.
reduce-begun = Closing. I will tell you the price and the profit when it is done.
button-reduce-yes = ✂️ Yes, close { $percent } % now

button-bot = { $mark } #{ $id } { $title }
all-line = { $mark } #{ $id } { $title } · { $account }
pause-which = ⏸ <b>Pause which bot?</b> No new entries; take-profit and stop-loss are kept.
pause-none = No bot is working.
resume-which = ▶️ <b>Resume which bot?</b>
resume-none = No bot is paused.
stop-which = ⏹ <b>Stop which bot?</b> I ask how before anything happens.
stop-none = No bot is running.
button-pause-all = ⏸ Pause all
button-resume-all = ▶️ Resume all
button-stop-all = ⏹ Stop all
pause-all-sure = ⏸ <b>Pause { $count ->
    [one] one bot
   *[other] { $count } bots
  }?</b> No new entries; take-profit and stop-loss are kept.
resume-all-sure = ▶️ <b>Resume { $count ->
    [one] one bot
   *[other] { $count } bots
  }?</b> They enter again at once.
button-pause-all-yes = ⏸ Yes, pause all
button-resume-all-yes = ▶️ Yes, resume all
stop-all-title = ⏹ <b>How shall { $count ->
    [one] one bot
   *[other] { $count } bots
  } stop?</b>
stop-all-sure = ⏹ <b>Stop { $count ->
    [one] one bot
   *[other] { $count } bots
  }?</b>
pause-all-done = ⏸ <b>Paused: { $count }</b>
resume-all-done = ▶️ <b>Working again: { $count }</b>
stop-all-done = ⏹ <b>Told to stop: { $count }</b>. The messages that follow say when each has stopped.

balance-title = 💼 <b>Balances</b>
balance-reading = Asking the exchanges…
balance-account = <b>{ $account }</b>
balance-empty = Nothing on this account.
balance-more = …and { $count } more coins
balance-worth-of = { $coin } ≈ { $value } { $quote }
balance-worth = Worth <b>{ $value } { $quote }</b>
balance-worth-part = Worth <b>{ $value } { $quote }</b> (of what has a price)
balance-equity = With open profit: <b>{ $value } { $quote }</b>
balance-problem-venue_away = 📡 The exchange does not answer now.
balance-problem-key_refused = 🔑 The exchange refuses this key. Look at it under /keys.
balance-problem-too_slow = 🐢 The exchange took too long to answer.
column-coin = coin
column-total = total
column-free = free
column-used = in use

price-title = 💱 <b>{ $title }</b>, { $kind }
price-venue = 💰 { $venue }
price-bid = Bid: <b>{ $price }</b>
price-ask = Ask: <b>{ $price }</b>
price-mid = Mid: { $price }
price-spread = Spread: <b>{ $percent } %</b>
price-volume = Volume in 24 h: { $volume } { $quote }
price-which = 💱 <b>Which pair?</b> Press one, or send <code>/price crv</code>.
price-which-typed = 💱 <b>Which pair?</b> Send it like <code>/price crv</code>.
price-not-found = There is no pair like “{ $text }” on this account's exchange.
price-pair = 💱 { $title }
price-pair-paper = 📄 { $title }
price-other = { $title }, { $kind }
price-account = 💰 { $name }
button-prices = 💱 Pairs

error-order_is_gone = This order is not there any more: it was filled, moved or canceled.
error-order_is_exit = This order guards the position. It goes when you close the position or stop the bot.
error-order_is_market = A market order ends by itself.
error-reduction_underway = A part is being closed already. Wait for its message.
error-nothing_to_reduce = The bot holds no position.
error-too_little_to_reduce = That part, or what would be left, is below the exchange's minimum. You can close all of it.
error-bot_unreachable = { $venue } cannot be reached, so nothing was done. /panic works at any time: it waits for the exchange.
reason-venue_away = The exchange does not answer.
reason-not_confirmed = The exchange has not confirmed it yet.

notice-closing_delayed = ⏳ <b>Not everything is canceled and closed yet</b>: { $orders ->
    [one] one order
   *[other] { $orders } orders
  } and a position of { $position } { $base } are left. I go on, and will tell you when it is done.
notice-position_reduced = { $price ->
    [none] ✂️ <b>Nothing was closed</b> of { $wanted } { $base }. The position is { $left } { $base }.
   *[other] ✂️ <b>Closed { $closed } { $base }</b> at { $price } by hand. Against the average entry, less the closing fee: <b>{ $net } { $quote }</b>. Left: { $left } { $base }.
  }
notice-orders_left = ⚠️ <b>Look on the exchange</b>: the bot cannot run any more, and the exchange does not say what became of { $orders ->
    [one] one of its orders. Cancel it there if it still rests:
   *[other] { $orders } of its orders. Cancel there what still rests:
  }
notice-orders_left-orders = • { $side ->
    [sell] sell
   *[other] buy
  } { $amount }{ $price ->
    [none] {""}
   *[other] {" "}at { $price }
  } (<code>{ $client_id }</code>)
notice-panic_report-orders = ✖ { $side ->
    [sell] sell
   *[other] buy
  } { $amount }{ $price ->
    [none] {""}
   *[other] {" "}at { $price }
  }
notice-order_taken_off = { $was_filled ->
    [yes] ✖ Too late to cancel: { $side ->
        [sell] the sell
       *[other] the buy
      } of { $filled } { $base } at { $price } was filled.
   *[no] ✖ <b>Canceled by hand</b>: { $side ->
        [sell] sell
       *[other] buy
      } { $amount } { $base } at { $price }{ $filled ->
        [none] .
       *[other] {""}, after { $filled } { $base } were filled.
      }{ $returns ->
        [yes] {" "}The bot places it again.
       *[no] {" "}It stays away until the next cycle.
      }
  }
