home-greeting = 👋 <b>{ $name }</b>, this is Makergram: a market maker you run from chat.
home-empty = You have no bots yet. Press <b>New bot</b>: on paper it takes a minute and costs nothing.
home-bots = 🤖 Bots working: <b>{ $working }</b> of { $all }
home-today-live = 💰 Live, net: today <b>{ $today }</b>, in all <b>{ $all }</b> { $quote }
home-today-paper = 📄 Paper, net: today (paper time) <b>{ $today }</b>, in all <b>{ $all }</b> { $quote }
home-trouble = ⚠️ { $count ->
    [one] One bot has
   *[other] { $count } bots have
  } a problem: see /status
home-no-trouble = ✅ No problems

help-intro = <b>What I do.</b> You choose a pair and a strategy, look at what it would do, press Start. I keep the orders on the exchange and tell you about fills, take-profits and trouble.
help-begin = <b>To begin</b>
help-trade = <b>Trading</b>
help-account = <b>Account</b>
help-command = /{ $command } - { $text }
help-paper = 📄 <b>Paper</b> trades on simulated money with real rules, liquidation included. It is always marked.
help-risk = ⚠️ A grid with leverage can lose its whole deposit. Never give me a key that may withdraw.

command-start = begin, or back to the menu
command-menu = the menu: bots, profit today, buttons to everything
command-new = make a bot: pair, settings, preview, start
command-bots = my bots: pause, stop, edit, orders
command-status = all my bots in one table
command-panic = cancel everything and close positions now
command-keys = exchange keys: add, test, rename, replace, delete
command-settings = language, notifications, quiet hours, time zone
command-admin = people, broadcast, health, backup (admins)
command-help = what the bot can do

settings-title = ⚙️ <b>Settings</b>
settings-about = The language, what I tell you, and when.

admin-title = 🛡 <b>Health</b>
admin-bots = Bots working: { $active } of { $total }
admin-users = People: { $count }
admin-notices = Notices waiting: { $count }
admin-database = Database: { $size } MB
admin-lag = Event loop lag: { $milliseconds } ms
admin-venues-away = ⚠️ Exchanges away: { $venues }
admin-venues-fine = Exchanges: all answer
