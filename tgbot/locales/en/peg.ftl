strategy-peg = Peg
strategy-about-peg = <b>Peg</b> (spot): keeps a price inside its band. It buys what is offered too cheap and sells to those who bid too high.
doing-peg-sweep = Pushing the price back into its band
doing-peg-quotes = In the band; quotes rest inside it
doing-peg-watching = In the band, watching
doing-peg-pair = In the band, trading with itself
doing-peg-idle = In the band; nothing of its activity can be placed: money, coins or room are missing
bot-deposit-peg = Buys for at most { $value } { $quote } in one interval

choice-quotes = Quotes
choice-self-trade = Self-trade
choice-interval = Each interval
choice-stream = At once
unit-price = { $value } { $quote }
unit-distance = { $value } { $quote }
unit-base = { $value } { $base }
unit-decimals = { $value }

field-price = Required price
about-price = The price to be kept, in the quote currency.
field-deviation = Deviation
about-deviation = How far the price may go to either side before it is pushed back, in the quote currency, not in percent.
field-base_min_balance = Coin kept
about-base_min_balance = This much of the coin is never sold.
field-base_order_limit = Sell limit
about-base_order_limit = The most of the coin that is sold in one interval.
field-quote_min_balance = Money kept
about-quote_min_balance = This much of the quote currency is never spent.
field-quote_order_limit = Buy limit
about-quote_order_limit = The most of the quote currency that is spent in one interval.
field-base_precision = Decimals of amounts
about-base_precision = If the exchange's own step is coarser, that is used.
field-quote_precision = Decimals of prices
about-quote_precision = If the exchange's own step is coarser, that is used.
field-interval_seconds = Interval
about-interval_seconds = How often the book is looked at, and the time for which the limits hold.
field-react = Reaction
about-react = Once in each interval, or at once when the price leaves its band. The limits stay those of the interval.
field-activity = Activity in the band
about-activity = Quotes: one buy and one sell of random amounts rest inside the band, for anyone to take. Self-trade, on paper and test networks only: an order that the bot fills itself.

figure-can_spend = Can be spent now: { $value } { $quote }
figure-can_sell = Can be sold now: { $value } { $base }
figure-low = Buys at or below { $value } { $quote }
figure-high = Sells at or above { $value } { $quote }
figure-price_step = Price step: { $value } { $quote }
figure-amount_step = Amount step: { $value } { $base }
finding-price_outside_band = The price of { $price } is outside the band from { $low } to { $high }: <b>it begins to trade against the market at once</b>, interval after interval.
finding-nothing_to_spend = It cannot buy for now: the account holds { $held } { $quote }, and { $minimum } are kept.
finding-nothing_to_sell = It cannot sell for now: the account holds { $held } { $base }, and { $minimum } are kept.
finding-nothing_to_trade = There is nothing to trade with: the account holds { $quote_held } { $quote } ({ $quote_kept } kept) and { $base_held } { $base } ({ $base_kept } kept). Keep less, or put more on the account.
finding-quote_limit_above_funds = The buy limit of { $limit } { $quote } cannot be spent in full: only { $available } { $quote } is available.
finding-base_limit_above_funds = The sell limit of { $limit } { $base } cannot be sold in full: only { $available } { $base } is available.
finding-venue_precision_wins = The exchange's { $field ->
    [base_precision] amount
   *[other] price
  } step is coarser and is used: { $step }.
finding-self_trade_allowed_here = It trades with itself: allowed here only because there is nobody to deceive.
finding-self_trade_forbidden = Self-trading on a public market is wash trading: market manipulation, forbidden by every exchange here and by law in most countries. Choose quotes, or off.
finding-quote_limit_too_small = The buy limit of { $limit } { $quote } is below the exchange's smallest order: { $minimum } { $quote }.
finding-base_limit_too_small = The sell limit of { $limit } { $base } is below the exchange's smallest order: { $minimum } { $base }.
finding-band_too_narrow = The band has no room for quotes inside it: the price step is { $step }.
notice-sweep_filled = { $count ->
    [one] 🧲 <b>Price pushed back</b>
   *[other] 🧲 <b>Price pushed back</b> { $count } times
  }
notice-sweep_filled-line = { $side ->
    [sell] sold { $amount } { $base } at { $price } on average for { $cost } { $quote }: bids stood at or above { $edge }
   *[other] bought { $amount } { $base } at { $price } on average for { $cost } { $quote }: asks stood at or below { $edge }
  }
notice-band_quote_filled = { $count ->
    [one] 🔹 Quote filled
   *[other] 🔹 { $count } quotes filled
  }
notice-band_quote_filled-line = { $side ->
    [sell] sold
   *[other] bought
  } { $amount } { $base } at { $price }
notice-self_trade_refused = ⛔ <b>Self-trading is refused.</b> On a public market it is wash trading, so no such orders are placed. The rest of the bot works; choose another activity in the band.
invalid-deviation = The deviation ({ $deviation }) must be below the price ({ $price }).
