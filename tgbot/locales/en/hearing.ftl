button-levels = 🔔 Notifications
button-quiet = 🌙 Quiet hours: { $hours ->
    [none] off
   *[other] { $hours }
  }
button-daily = 🗞 Daily report: { $time ->
    [none] off
   *[other] { $time }
  }
button-zone = 🕘 Time zone: { $zone }
button-level = { $level ->
    [loud] 🔔
    [silent] 🔕
   *[off] 🚫
  } { $topic }{ $lock ->
    [yes] { " " }🔒
   *[no] {""}
  }
button-daily-when = 🗞 When it comes
button-off = Off

levels-title = 🔔 <b>Notifications</b>
levels-how = Press a topic to change it: 🔔 with sound → 🔕 without sound → 🚫 off.
levels-essential = 🔒 cannot be switched off entirely: what matters most still comes, without sound. That is a refused key, the report of a panic stop, a decision about access, reports that you asked for and trouble of the system.
level-set = { $topic }: { $level ->
    [loud] with sound
    [silent] without sound
   *[off] off
  }

topic-fills = Fills
topic-take_profit = Take-profit
topic-cycle = Cycles, profit
topic-bot = Start, pause, stop
topic-order_refused = Orders refused
topic-key = Keys
topic-funds = Lack of money
topic-limits = Request limits
topic-errors = Errors
topic-drawdown = Drawdown
topic-stalled = Trading stalled
topic-venue = Exchange silent
topic-system = System
topic-access = Access
topic-reports = Reports
topic-obligation = Obligation
topic-reference = Reference price

quiet-title = 🌙 <b>Quiet hours</b>
quiet-now = Now: <b>{ $hours }</b>
quiet-none = Now: <b>off</b>
quiet-about = Meanwhile only what is urgent comes: drawdown, a position without take-profit, liquidation, a refused key, trouble. All else waits, and comes afterwards as one message. Bots trade as usual.
quiet-ask = Choose, or type the hours, like <code>22:30-7:15</code>.
quiet-set = ✅ Quiet hours: { $hours }
quiet-unset = Quiet hours are off.
quiet-wrong = ❌ Two times of day are needed, like <code>22:30-7:15</code>.

zone-title = 🕘 <b>Time zone</b>
zone-now = Your clock: <b>{ $time }</b>, { $zone }
zone-ask = Choose how far your clock is from UTC, or type your city, like <code>Berlin</code>: with a city, summer time is kept too.
zone-which = Which one?
zone-set = ✅ Time zone: { $zone }
zone-unknown = ❌ I do not know “{ $text }”. Try the nearest big city in English, or an offset like <code>+5:30</code>.
zone-cities = Beijing = Asia/Shanghai; Mumbai = Asia/Kolkata; Delhi = Asia/Kolkata; Bangalore = Asia/Kolkata; Hanoi = Asia/Ho_Chi_Minh; Saigon = Asia/Ho_Chi_Minh; San Francisco = America/Los_Angeles; Seattle = America/Los_Angeles; Miami = America/New_York; Boston = America/New_York; Washington = America/New_York; Houston = America/Chicago; Dallas = America/Chicago; Barcelona = Europe/Madrid; Munich = Europe/Berlin; Frankfurt = Europe/Berlin; Hamburg = Europe/Berlin; Geneva = Europe/Zurich; Milan = Europe/Rome; Kyiv = Europe/Kyiv; Saint Petersburg = Europe/Moscow; Tel Aviv = Asia/Jerusalem; Abu Dhabi = Asia/Dubai; Astana = Asia/Almaty; Rio de Janeiro = America/Sao_Paulo

daily-title = 🗞 <b>Daily report</b>
daily-now = Every day at <b>{ $time }</b>
daily-none = Now: <b>off</b>
daily-next = Next: { $at }
daily-about = The last 24 hours in one message with a picture: profit after fees, drawdown, fills, each bot. It comes when a bot was at work. For paper it is paper time, which may run faster.
daily-ask = Choose, or type a time of day, like <code>8:30</code>.
daily-set = ✅ Daily report at { $time }
daily-unset = The daily report is off.
daily-wrong = ❌ A time of day is needed, like <code>8:30</code>.

daily-live = 💰 <b>{ $quote }</b>: <b>{ $net }</b> after fees
daily-paper = 📄 <b>Paper, { $quote }</b>: <b>{ $net }</b> after fees
daily-paper-clock = 🕘 In paper time these 24 hours were { $length }.
span-hours = { $count ->
    [one] { $count } hour
   *[other] { $count } hours
  }
daily-risk = Drawdown { $drawdown } ({ $percent } % of the deposits), open positions { $open }
daily-fills = { $fills ->
    [one] One fill
   *[other] { $fills } fills
  }, { $bots ->
    [one] one bot
   *[other] { $bots } bots
  }
daily-bot = #{ $id } { $title }: { $net }, { $fills ->
    [one] one fill
   *[other] { $fills } fills
  }
daily-more = …and { $count ->
    [one] one more bot
   *[other] { $count } more bots
  }
picture-daily-title = Last 24 hours
picture-daily-title-paper = 24 hours, { $length } of paper time
picture-daily-profit = With open positions
picture-daily-drawdown = Max drawdown

notice-digest = 🌙 <b>While it was quiet</b>, since { $since }
digest-count = { $topic }: { $count }
digest-live = 💰 { $cycles ->
    [one] One finished cycle
   *[other] { $cycles } finished cycles
  }: <b>{ $net }</b> { $quote } after fees
digest-paper = 📄 Paper, { $cycles ->
    [one] one finished cycle
   *[other] { $cycles } finished cycles
  }: <b>{ $net }</b> { $quote } after fees
digest-important = <b>What mattered last:</b>
notice-daily_report = 🗞 <b>Daily report, { $day }</b>

notice-drawdown = 📉 <b>Drawdown of { $percent_of_deposit } % of the deposit</b>: { $loss } { $quote } below its best
notice-book_stale = ⌛ <b>No fresh price for { $seconds }.</b> The bot waits for one before it places anything new.
notice-book_fresh = ⌛ The price is fresh again, after { $seconds }

error-unknown_topic = There is no such topic.
error-topic_stays_on = You have to hear of this: it can be without sound, but not off.
error-unknown_time_zone = I do not know that time zone.
error-no_time_of_day = That is not a time of day.
