notice-head = <b>#{ $id } { $title }</b> · { $account }
notice-head-gone = <b>{ $title }</b>
notices-more = …and { $count } before that
notice-bot_started = ▶️ Started
notice-bot_paused = ⏸ <b>Paused</b>: { $cause }
bot-paused-keeps = No new entries. Take-profit and stop-loss are kept.
notice-bot_resumed = ▶️ Working again
notice-bot_stopped = ⏹ <b>Stopped</b>: { $cause }
bot-stopped-position = A position of <b>{ $position }</b> stays on the exchange. It is yours to look after.
bot-stopped-flat = No position is left.
notice-order_refused = ⛔ { $count ->
    [one] <b>Order refused</b>
   *[other] <b>{ $count } orders refused</b>
  }
notice-order_refused-line = { $side ->
    [sell] sell
   *[other] buy
  } { $amount } at { $price ->
    [none] market price
   *[other] { $price }
  }: { $reason }
notice-order_refused-end = { $detail ->
    [none] {""}
   *[other] { $detail }
  }
notice-setup_refused = ⛔ <b>The account could not be set up for this bot</b>
notice-exit_missing = 🚨 <b>A position of { $position } has had no take-profit for { $seconds } s.</b> I keep trying to place it.
notice-position_gone = { $liquidated ->
    [yes] 💀 <b>Liquidated</b> near { $price }: { $found } left of { $expected }.
   *[no] ❗ The exchange shows a position of { $found } instead of { $expected } (near { $price }): it was closed outside the bot. The cycle ends.
  }
notice-key_invalid = 🔑 <b>{ $venue } refuses the key “{ $label }”.</b> Its bots are paused, their orders stay. See /keys.
notice-insufficient_funds = 💸 <b>Not enough money on the account</b> for the next order
notice-rate_limited = 🐢 { $venue } asks for fewer requests: waiting { $seconds } s
notice-budget_used_up = 🐢 <b>Too many requests for { $venue }</b>: the budget of this key is used up, and answers come late. Fewer bots on it would help.
notice-venue_away = 📡 <b>{ $venue } does not answer.</b> Orders stay as they are there; I keep trying.
paper-source_away = 📡 <b>{ $venue } does not answer, so paper has no prices.</b> Nothing fills until they are back; I keep trying.
paper-no_prices = 📡 <b>Paper has no prices now.</b> Nothing fills until they are back; I keep trying.
paper-source_back = 📡 { $venue } answers again, after { $seconds }: paper has its prices
paper-prices_again = 📡 Paper has prices again, after { $seconds }
notice-venue_back = 📡 { $venue } answers again, after { $seconds }
notice-trading_stalled = 🚨 <b>No trading for { $minutes ->
    [one] one minute
   *[other] { $minutes } minutes
  }</b>, though there should be
notice-trading_goes_on = ▶️ Trading goes on, after { $seconds }
notice-unknown_orders = ❔ { $count ->
    [one] One of our orders was
   *[other] { $count } of our orders were
  } on the exchange but not in my records: { $outcome } ({ $ids })
outcome-canceled = canceling
outcome-foreign_epoch = from an older installation, left alone
outcome-other = { $code }
notice-restored = 🔄 <b>Restarted.</b> { $bots ->
    [one] One bot
   *[other] { $bots } bots
  } restored: { $orders ->
    [one] one order
   *[other] { $orders } orders
  } adopted, { $fills ->
    [one] one fill
   *[other] { $fills } fills
  } caught up, { $lost } lost
notice-panic_report = 🚨 <b>Panic done</b>: { $canceled ->
    [0] no orders to cancel
    [one] one order canceled
   *[other] { $canceled } orders canceled
  }, { $price ->
    [none] no position closed.
   *[other] closed <b>{ $closed } { $base }</b> at { $price } on average. Against the average entry, less the closing fee: <b>{ $net } { $quote }</b>.
  }{ $left ->
    [none] {""}
   *[other] {" "}⚠️ Left, too little for the exchange: { $left } { $base }.
  }
notice-system_trouble = 🛠 <b>System trouble</b>: { $what }
notice-trouble_over = 🛠 It is over, after { $seconds }: { $what }
trouble-database = the database cannot be written; trading waits
trouble-backup = the backup failed
trouble-disk = the disk is nearly full
trouble-loop = the event loop is late
trouble-other = { $code }
notice-access_requested = 👤 <b>{ $name }</b> ({ $person_id }) asks to use the bot.
notice-access_decided = { $approved ->
    [yes] ✅ You may use the bot now. Press /menu.
   *[no] 🚫 The admins have not let you in.
  }
notice-unknown_notice = ❔ Another version of the bot left a message that this one does not understand{ $name ->
    [none] .
   *[other] : <code>{ $name }</code>
  }
