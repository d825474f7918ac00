paper = 📄 Paper
venue-paper = Paper
account-live = 💰 { $name }
account-unproven = 💰 🧪 { $name } (untested)
plain = { $text }
up-to-date = Up to date
too-fast = Too fast. Wait a few seconds and try again.
private-only = Keys and settings are for a private chat only. Open a chat with me and try there.
admins-only = Only an admin may do that.
own-words = <i>{ $detail }</i>
venue-says = The exchange says: <i>{ $detail }</i>

access-unknown = This bot is private. Press /start to ask its admins to let you in.
access-pending = Your request is with the admins. You will hear from me when they decide.
access-refused = The admins have not let you in.
access-suspended = Your access is suspended. Ask the admins.
access-was-approved = ✅ <b>{ $name }</b> ({ $id }) may use the bot now.
access-was-refused = 🚫 <b>{ $name }</b> ({ $id }) was not let in.

button-new = ➕ New bot
button-bots = 🤖 Bots ({ $count })
button-all-bots = 🤖 All bots
button-status = 📊 Status
button-keys = 🔑 Keys ({ $count })
button-all-keys = 🔑 All keys
button-settings = ⚙️ Settings
button-help = ❓ Help
button-panic = 🚨 Panic
button-admin = 🛡 Admin
button-home = 🏠 Menu
button-back = ‹ Back
button-cancel = ✖️ Cancel
button-refresh = 🔄 Refresh
times-in = 🕘 Times: { $zone }
times-in-paper = 🕘 Paper time, { $zone }
picture-times = Times: { $zone }
picture-times-paper = Paper time, { $zone }
button-open = Open
button-delete = 🗑 Delete
button-delete-yes = 🗑 Yes, delete
button-approve = ✅ Approve
button-refuse = 🚫 Refuse
button-test = 🧪 Test
button-again = Try again
number-comma = ❗ Is that { $whole } or { $part }? Write it without the comma.
question-foreign = This question was put to somebody else. Nothing was done.
question-old = This question is more than an hour old, so nothing was done. Open it again and look before you press.
button-stale = This button is no longer valid. Open /menu for fresh ones.

unknown-text = I did not understand that. The buttons below /menu do everything.
unknown-answer = I am waiting for an answer that I did not get. Press a button above, or open /menu.
unknown-command = There is no such command. /help lists them all.
unknown-kind = I only read text and buttons. Open /menu to go on.
form-lost = This form is gone (I may have restarted). Please begin again.
form-moved = The form shows something else by now. Look again, then press.
form-stale = This form is no longer open. Begin a new one from /menu.

language-en = English{ $mark ->
    [no] {""}
   *[other] { " " }{ $mark }
  }
language-ru = Русский{ $mark ->
    [no] {""}
   *[other] { " " }{ $mark }
  }
language-set = I speak English with you now.
