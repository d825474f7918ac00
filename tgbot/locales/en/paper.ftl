button-paper = 📄 Paper account
button-to-keys = 🔑 Keys
button-paper-balance = 💰 Set a balance
button-paper-prices = 📈 Prices
button-paper-reset = ♻️ Begin anew
button-paper-reset-yes = ♻️ Yes, begin anew
button-paper-stop = ⏹ Stop { $count ->
    [one] the paper bot
   *[other] { $count } paper bots
  }
button-paper-seed = 🎲 Another seed
button-paper-simulated = Made up
button-paper-operator = Recorded (server)
button-paper-file = 📎 My own file
button-paper-switch-yes = ✅ Yes, switch
column-paper-coin = Coin
column-paper-holds = Holds
column-paper-free = Free

paper-title = 📄 <b>Paper account</b>
paper-play = Play money for practice: nothing here reaches an exchange.
paper-empty = It holds nothing. Set a balance to begin.
paper-equity = Altogether about <b>{ $equity } USDT</b>
paper-prices-now = Prices: { $prices }
paper-speed = 🕘 Paper time runs { $speed }× as fast as your clock.
paper-speed-real = 🕘 Paper time runs like your clock.
paper-running = 🤖 { $count ->
    [one] One paper bot works
   *[other] { $count } paper bots work
  } on it.
paper-away = ⚠️ <b>There are no prices now, so nothing fills.</b> { $detail }
paper-ended = ⏹ The recording is over: its price stands still.
paper-kind-simulated = made up
paper-kind-seed = made up, seed { $seed }
paper-kind-operator = recorded on the server ({ $markets }), the rest made up
paper-kind-uploaded = your file for { $market }, the rest made up
paper-kind-recorded = recorded on the server
paper-kind-file = from your file
paper-kind-live = { $venue }, live

paper-ask-balance = 📄 💰 <b>Paper balance.</b> Press a coin, or send one with its amount: <code>USDT 5000</code>
paper-ask-amount = 📄 💰 How much <b>{ $currency }</b> should the paper account hold? Now: { $now }. Send a number.
paper-less-later = 🤖 While paper bots run, the coins they trade can only become more.
paper-amount-odd = ❗ Send a coin and a number from 0 up: <code>USDT 5000</code>
paper-reset-sure = 📄 ♻️ <b>Begin the paper account anew?</b> It gets what a new one has. Its orders, positions and history on paper are gone; the records of your bots stay.
paper-reset-bots = ⚠️ First { $count ->
    [one] one paper bot is stopped
   *[other] { $count } paper bots are stopped
  }; then press once more.
paper-was-reset = The paper account is as good as new

paper-prices-title = 📄 📈 <b>Whose prices?</b>
paper-prices-what = <b>Made up</b>: a market out of a seed; the same seed, the same market.
    <b>Live</b>: real order books of an exchange, paper orders.
    <b>My own file</b>: candles you send me, played as if they happened now.
paper-prices-bots = 🤖 { $count ->
    [one] A paper bot works
   *[other] { $count } paper bots work
  } on these prices. Stop first, then choose others. Stopping cancels orders; positions end with the switch.
paper-stopping = Stopping { $count ->
    [one] one bot
   *[other] { $count } bots
  }…
paper-stopped = ✅ All paper bots have stopped.
paper-stopping-still = ⏳ { $count ->
    [one] One bot is
   *[other] { $count } bots are
  } still stopping. Look again in a moment.
paper-switch-sure = 📄 📈 <b>Switch paper prices to: { $prices }?</b>
paper-live-what = Real order books in real time. Other people's trades are not seen, so a resting order fills only when the book crosses its price: less often than it would there. While the exchange is silent, nothing fills.
paper-switch-loses = The balances stay. Orders and positions on paper are gone with the old prices.
paper-switched = Paper trades on other prices now
paper-ask-seed = 📄 🎲 Send a whole number. The same seed always makes the same market.
paper-seed-odd = ❗ A seed is a whole number of at most 17 digits.
paper-ask-market = 📄 📎 For which market is your file? The others stay made up.
paper-ask-file = 📄 📎 <b>{ $market }.</b> Send a CSV file of candles, at most { $limit } MB. It is checked, and then paper trades on it at once.
paper-file-example = Its first line and one candle (times in UTC, oldest first):
    <pre>timestamp,open,high,low,close,volume
    2024-01-01T00:00:00,0.51,0.52,0.50,0.51,12000</pre>
paper-file-line = ❗ <b>Line { $line }:</b> { $why } The file was not taken; correct it and send it again.
paper-file-columns = the columns must be timestamp, open, high, low, close, volume.
paper-file-empty = there are no candles in it.
paper-file-not_text = this is not UTF-8 text.
paper-file-not_csv = this cannot be read as CSV.
paper-file-not_candle = a time or a number is missing or cannot be read.
paper-file-out_of_range = prices must be above 0, volumes at least 0.
paper-file-outside = open and close must lie between low and high.
paper-file-not_later = each candle must be later than the one before.

error-paper_amount_wrong = ❗ A balance is a number from 0 to { $limit } with at most { $digits } decimals.
error-paper_currency_unknown = ❗ The paper market does not know { $currency }.
error-paper_balance_used = ❗ { $currency } cannot become less while paper bots trade it ({ $bots }). At least { $least }, or stop them first.
error-paper_balance_held = ❗ Paper orders and positions hold { $currency } back: at least { $least }.
error-paper_still_stopping = ⏳ The paper bots are stopping. Press again when they have stopped.
error-paper_bots_run = Paper bots work on these prices. Stop them first.
error-paper_seed_wrong = A seed is a whole number of at most 17 digits.
error-paper_file_large = ❗ The file is too large: at most { $limit } MB.
error-paper_file_short = ❗ Too few candles: at least { $least }.
error-paper_file_wrong = ❗ Line { $line } of the file is wrong ({ $why }).
error-paper_file_unreadable = ❗ The recorded prices cannot be read: { $detail }
