preview-title = 👁 <b>{ $title }</b> · { $account } · price { $price }
preview-place = Pair { $place } of { $all }
preview-caption = 👁 <b>{ $title }</b> · { $account }
preview-at-risk = 💥 At risk: up to <b>{ $value } { $quote }</b>
preview-worst-case = Worst case: a loss of { $value } { $quote }
preview-equity = On the account: { $value } { $quote }
preview-holdings = On the account: { $value } { $quote }, { $held } { $base }
preview-prices = 📈 Prices: { $prices }
preview-times = For each of { $count } pairs.
preview-making = Drawing the preview…
preview-mark-unreachable = ✗ liquidation or stop comes before this level
preview-mark-objection = ! the exchange would refuse this order
preview-others-refused = ⛔ Also refused: { $pairs }
preview-refused = ⛔ <b>It cannot start like this.</b> Press a change below, or edit the settings.
preview-danger = ⚠️ <b>It can start, but read the warnings.</b> The changes below make it safer.
preview-ready-paper = ✅ Ready. On paper nothing real can be lost.
preview-ready-live = ✅ Ready. Start trades real money.
column-level = #
column-cost = cost
column-average = avg
column-liquidation = liq
figure-total_cost = All levels together: { $value } { $quote }
figure-margin = Margin they need: { $value } { $quote }
figure-fees = Entry fees: { $value } { $quote }
figure-take_profit = Take-profit of the whole grid: { $value }
figure-bounce_percent = From the last level to it: { $value } %
danger-title = ⚠️ <b>Are you sure?</b> { $pairs } · { $account }
danger-question-unproven = Start anyway?
danger-question = This can happen in an ordinary week. Start anyway?
button-start-paper = 📄 Start on paper
button-start-anyway = ⚠️ I know the risk, start
button-edit-back = ✏️ Edit
offer-mend = 🛠 { $changes }
offer-survive = 🛡 { $changes }
offer-taken = Changed: { $changes }

finding-recording_ended = The recording is over: its price stands still, and nothing will fill.
finding-unproven_venue = <b>This exchange is not proven with Makergram:</b> how it takes, changes, fills and refuses orders was never checked there. An order may stay unclear for a minute or two, and stop orders do not rest on it. Begin small and keep an eye on it.
finding-other = { $code } { $values }
finding-below_min_cost = { $count ->
    [one] One order is
   *[other] { $count } orders are
  } below the exchange's minimum of { $minimum } { $quote }.
finding-below_min_amount = { $count ->
    [one] One order is
   *[other] { $count } orders are
  } below the exchange's smallest amount of { $minimum }.
finding-above_max_amount = { $count ->
    [one] One order is
   *[other] { $count } orders are
  } above the exchange's largest amount of { $maximum }.
finding-no_price = { $count ->
    [one] One order
   *[other] { $count } orders
  } would have no valid price (tick { $minimum }).
finding-levels_share_price = { $count ->
    [one] One level falls
   *[other] { $count } levels fall
  } on the same price as another: the tick is { $tick }. Fewer levels or more coverage would help.
finding-leverage_too_high = Leverage ×{ $leverage } is more than the exchange allows here: ×{ $maximum }.
finding-equity_too_small = The deposit of { $deposit } is more than the account holds: { $equity } { $quote }.
finding-take_profit_below_fees = A take-profit of { $percent } % does not pay the fees of { $fees } %.
finding-unreachable_levels = <b>Liquidation near { $price }</b> after { $count_fills ->
    [one] one fill
   *[other] { $count_fills } fills
  }: from level { $level } on, { $count ->
    [one] one level is
   *[other] { $count } levels are
  } never reached.
finding-liquidated_at_last_level = <b>Liquidation near { $price }</b>, right behind the last level ({ $level }).
finding-maintenance_unknown = The exchange does not tell its maintenance margin here; { $percent } % is assumed, so liquidation is a guess.
finding-levels_beyond_stop = The stop-loss near { $price } comes before level { $level }: { $count ->
    [one] one level is
   *[other] { $count } levels are
  } never reached.
finding-overspend_capped = The formula would spend { $wanted } of { $available } { $quote }; it is scaled down to fit.
finding-levels_merged = Small levels are merged: { $after } orders instead of { $before }.
finding-money_unused = { $percent } % of the money stays unused. Exact sizing uses all.
finding-fee_reserve = { $amount } { $quote } of entry fees are set aside.
finding-cross_wallet = Cross margin: { $known ->
    [true] the whole wallet of { $wallet } { $quote } stands behind this position.
   *[other] the whole wallet stands behind this position.
  }

picture-price = Price
picture-average = Average
picture-take_profit = Take-profit
picture-liquidation = Liquidation
picture-unreachable = unreachable
picture-paper = paper
picture-below_min_cost = below minimum
picture-below_min_amount = below minimum
picture-above_max_amount = above maximum
