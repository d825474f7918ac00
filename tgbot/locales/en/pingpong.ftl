strategy-pingpong = Ping-pong
strategy-about-pingpong = <b>Ping-pong</b> (spot): buys, then sells, then buys, always resting first in the book. It collects execution statistics; profit is not its aim.
stop-keep_exit-pingpong = <b>Sell, then stop.</b> Buys nothing more; what it holds is sold from the best ask, then the bot ends.
button-stop-keep_exit-pingpong = Sell, then stop
button-stop-yes-keep_exit-pingpong = Yes, sell, then stop
activity-paused-pingpong = Paused: it buys nothing; a sale under way goes on
paused-pingpong = Paused. It buys nothing; a sale under way goes on.
bot-paused-keeps-pingpong = It buys nothing; a sale under way goes on.
bot-realized-pingpong = In all, net of fees: <b>{ $value }</b>, { $cycles ->
    [one] one round
   *[other] { $cycles } rounds
  }
doing-pingpong-leg = Leg { $number }: { $side ->
    [sell] selling
   *[other] buying
  } { $amount } { $base }, resting at { $price }
doing-pingpong-ending = Selling what it holds, then it ends
doing-pingpong-waiting = Waiting for a price or for money
doing-pingpong-done = Legs done: { $legs }

choice-off-max_legs = no limit
choice-off-max_spread_sum_usd = none
choice-base = { $base }
choice-quote = { $quote }
choice-base-unnamed = the coin
choice-quote-unnamed = the quote currency
unit-amount = { $value }
unit-usd = { $value } USD
unit-legs = { $value }
unit-milliseconds = { $value } ms
unit-market = { $value }
unit-file = { $value }

field-order_size = Order size
about-order_size = How much each order buys or sells, the same for both.
field-size_currency = Size currency
about-size_currency = Which currency the order size is in: the coin, or the money that it costs.
field-budget = Budget
about-budget = The most that the bot may hold and have lost, taken together, in USD. It stops before that is exceeded.
field-max_spread_sum_usd = Spread sum limit
about-max_spread_sum_usd = Stop when the bid-ask spreads met at executions add up to more than this.
field-max_legs = Legs
about-max_legs = Stop after this many executions; a buy and a sell are two.
field-requote_ms = Re-quote every
about-requote_ms = The order follows the best price, but not more often than this.
field-usd_per_quote = USD rate
about-usd_per_quote = What one unit of the quote currency is worth in USD: 1 for USDT, for ETH/BTC the price of a bitcoin.
field-usd_market = Dollar market
about-usd_market = A market of this exchange that says what the quote currency is worth in USD, like BTC/USDT for ETH/BTC.
field-csv_path = CSV file
about-csv_path = Name of a file to which the records go as they come, like <code>legs.csv</code>.

figure-order_cost = One order: { $value } { $quote }
figure-base_reserve = Reserve of the coin for fees: { $value } { $base }
figure-reserve_rounds = Rounds that the reserve covers: { $value }
figure-round_trip_fees_percent = Fees of a buy and a sell: { $value } %
figure-budget = At most in use: { $value } { $quote }
finding-base_reserve = Fees are taken from what is bought. Keep { $amount } { $currency } on the account, enough for { $rounds ->
    [one] one round
   *[other] { $rounds } rounds
  }, or pay fees in the exchange's coin.
finding-base_reserve_low = Fees are taken from what is bought. The { $held } { $currency } on the account cover { $rounds ->
    [one] one round
   *[other] { $rounds } rounds
  }; { $amount } would be enough for all.
finding-base_reserve_missing = Fees are taken from what is bought, so <b>the first sell will lack coins</b> and wait: the account holds { $held } { $currency }. Have { $amount } { $currency } there, or pay fees in the exchange's coin.
finding-round_trip_fees = A buy and a sell cost { $percent } % in fees; a spread narrower than that loses. Fees paid in the exchange's own coin are not part of the profit shown.
finding-ends_holding = The number of legs is odd: it ends holding { $amount } { $currency }.
finding-may_end_holding = The spread sum limit may be reached right after a buy: then it ends holding { $amount } { $currency }.
finding-usd_rate_needed = The budget is in USD: say what 1 { $currency } is worth, with “Dollar market” or “USD rate” under Advanced.
finding-usd_market_missing = This exchange has no market { $market }, so it cannot say what the quote currency is worth in USD.
finding-order_over_budget = One order costs { $cost } USD, more than the budget of { $budget } USD.

cause-budget = the budget is used up
cause-max_legs = all legs done
cause-max_spread_sum = the spread sum limit is reached
cause-round = a round is done

notice-leg_executed = { $count ->
    [one] 🔹 Leg executed
   *[other] 🔹 { $count } legs executed
  }
notice-leg_executed-line = { $number }: { $side ->
    [sell] sold
   *[other] bought
  } { $amount } at { $price } · { $seconds }{ $orders ->
    [one] {""}
   *[other] , { $orders } orders
  }
notice-balance_short = 💸 <b>Not enough { $currency }</b> to { $side ->
    [sell] sell
   *[other] buy
  }: { $needed } needed, { $held } there. It goes on when there is enough.
invalid-file_name = Only a file name, not a path: letters A-Z, digits, dash and underscore, ending in .csv, like <code>legs.csv</code>.
