strategy-liquidity = Liquidity
strategy-about-liquidity = <b>Liquidity</b> (spot): keeps a market's spread and depth as a market-making agreement asks, around a price weighed from two exchanges, and reports how well it was kept.
doing-liquidity-quoting = Quoting on both sides
doing-liquidity-reduced = Quoting; a side shows less than it should ({ $cause })
doing-liquidity-trouble = Holding back: { $cause }
doing-liquidity-breached = Obligation not kept ({ $cause })

unit-text = { $value }
unit-venue = { $value }
unit-minutes = { $value } min
unit-orders = { $value }
unit-switch = { $value }

about-liquidity-deposit = Money set aside for the bids. Coins worth the same are needed for the asks.
field-reference_venue = Reference exchange
about-reference_venue = The other exchange whose price is followed. Public data only, no key is needed.
field-reference_symbol = Reference pair
about-reference_symbol = The pair there whose price is followed, like <code>ABC/USDT</code>. By default the same as here.
field-max_spread_percent = Widest spread
about-max_spread_percent = The obligation: best bid and best ask are never further apart than this, in percent of the mid price.
field-min_depth = Least depth
about-min_depth = The obligation: bids, and asks, within the depth window are each worth at least this.
field-depth_window_percent = Depth window
about-depth_window_percent = Depth counts within this many percent of the mid price, on each side.
field-orders_per_side = Orders per side
about-orders_per_side = How many bids and how many asks rest at all times.
field-min_order = Smallest order
about-min_order = No order is worth less.
field-max_order = Largest order
about-max_order = No order is worth more.
field-reset_minutes = Renew every
about-reset_minutes = How often all orders are renewed, one by one, so that the bot's picture of them is certainly true.
field-include_own_orders = Own orders count
about-include_own_orders = Whether the bot's own orders count as liquidity when the fair price is weighed.
field-price_tolerance_percent = Price tolerance
about-price_tolerance_percent = An order whose price is off by less is left where it is.
field-max_inventory_skew = Largest skew
about-max_inventory_skew = What was bought and not sold again, or the other way round, in percent of the deposit. Beyond it the side that makes it worse shows less.
field-price_source_guard_percent = Price source guard
about-price_source_guard_percent = Quotes are taken back while the mid prices of the two markets differ by more.
field-stale_seconds = Stale after
about-stale_seconds = A reference price older than this is not followed: the nearest quotes are taken back, and after as long again the others.

figure-spread_percent = Spread shown: { $value } %
figure-bid_depth = Bids shown: { $value } { $quote }
figure-ask_depth = Asks shown: { $value } { $quote }
figure-base_needed = Coin needed: { $value } { $base }
finding-tick_too_coarse = The price step of { $tick } is too coarse: the spread would be { $percent } %, and the widest spread is { $maximum } %.
finding-deposit_below_depth = The deposit of { $deposit } { $quote } cannot always show the least depth of { $depth } { $quote }; { $needed } would.
finding-renewal_dips = While orders are renewed, one is missing for a moment, and if nobody else quotes there, the depth falls below the least depth of { $depth } { $quote }. With a deposit of { $needed } { $quote } another one stands in for it.
finding-guard_too_wide = The price source guard of { $guard } % is wide for a depth window of { $window } %: a wrong price could be quoted.
finding-base_needed = The asks need { $amount } { $base } on the account (worth { $worth } { $quote }).
finding-base_covered = The asks need { $amount } { $base } (worth { $worth } { $quote }); the account holds { $held }.
finding-base_too_small = The asks need { $amount } { $base } (worth { $worth } { $quote }), and the account holds { $held } { $base } (worth { $held_worth } { $quote }). Lower the deposit, or put more { $base } on the account.
finding-reference_missing = There is no market { $symbol } on { $venue } to follow. Name another exchange or pair.
finding-reference_apart = The price on { $venue } is { $price }, { $percent } % away, and the guard allows { $guard } %: <b>it will not quote until the prices come closer</b>. Is { $symbol } there the same coin?
finding-reference_simulated = On paper { $venue } is simulated too: this market's price, a second later and a little off.
finding-reference_is_source = Paper already trades on the prices of { $venue }, so as a reference it says nothing new: choose another exchange.
finding-off_tick = { $count ->
    [one] One order
   *[other] { $count } orders
  } would have no valid price here.
finding-off_step = { $count ->
    [one] One order
   *[other] { $count } orders
  } would not fit the exchange's amount step.

cause-paused = the bot is paused
cause-stopping = the bot is stopping
cause-venue_away = the exchange does not answer
cause-reference_gone = the reference price is gone
cause-reference_stale = the reference price is out of date
cause-sources_apart = the two markets' prices are too far apart
cause-refused_orders = the exchange refuses orders
cause-our_balance = not enough money or coin
cause-balance_unknown = the balance is not known
cause-inventory = too much bought or sold one way
cause-deposit = the deposit is too small
cause-moving = our orders are being moved
cause-market = the market moved

notice-quote_filled = { $count ->
    [one] 🔹 Quote filled
   *[other] 🔹 { $count } quotes filled
  }
notice-quote_filled-line = { $side ->
    [sell] sold
   *[other] bought
  } { $amount } { $base } at { $price }
notice-obligation_breached = 📏 <b>Obligation not kept</b>: { $cause }
notice-obligation_breached-min_depth = Spread { $spread_percent ->
    [none] none, a side is empty
   *[other] { $spread_percent } %
  } (at most { $max_spread_percent } %), bids { $bid_depth }, asks { $ask_depth } (at least { $min_depth } { $quote })
notice-obligation_restored = 📏 Obligation kept again, after { $seconds } ({ $cause })
notice-reference_stale = 📡 <b>The price on { $venue } cannot be trusted</b>: { $cause }, for { $seconds } s. Nearest quotes are taken back, nothing new is quoted.
notice-price_sources_apart = ↔️ <b>The two markets differ by { $percent } %</b> (at most { $limit_percent } %): { $target_mid } here, { $reference_mid } there. Nearest quotes are taken back.
notice-quotes_withdrawn = 🙈 <b>Quotes withdrawn</b>: { $cause }
notice-quotes_restored = 👀 Quoting again, after { $seconds } ({ $cause })
notice-side_reduced = ⚖️ { $side ->
    [buy] Bids show
   *[other] Asks show
  } less than they should: { $cause }
invalid-order_bounds = The smallest order ({ $least }) must not be above the largest ({ $most }).
invalid-tolerance = Price tolerance ({ $tolerance } %) must be at most a quarter of the widest spread and of the depth window: { $most } %.
invalid-depth_unreachable = { $orders ->
    [one] One order of at most { $largest } never reaches
   *[other] { $orders } orders of at most { $largest } never reach
  } the least depth of { $depth }. Raise “Largest order” or “Orders per side”.
invalid-venue_name = The reference exchange has to be a name in Latin letters, like kucoin.
invalid-pair_name = The reference pair has to be like ABC/USDT.
finding-reference_is_target = The reference is this very market ({ $symbol } on { $venue }): a price cannot be checked against itself. Name another exchange or pair.
