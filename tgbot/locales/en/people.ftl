button-people = 👥 People ({ $count })
button-invites = 🎟 Invites
button-broadcast = 📣 Broadcast
button-log = 📜 Log
button-backup = 💾 Backup
button-maintenance = 🛑 Maintenance
button-go-on = ▶️ End maintenance
button-to-admin = 🛡 Admin

people-title = 👥 <b>People</b>: { $count }
people-page = Page { $page } of { $pages }
people-legend = Bots working/all, then when they were last heard from.
member-line = { $mark } { $name } · { $bots } · { $seen }
member-title = 👤 <b>{ $name }</b> { $username } · { $id }
member-state = { $mark } { $state }
member-admin = Admin, by the settings of this server
member-active = May use the bot
member-pending = Asks to be let in
member-suspended = Suspended
member-refused = Was not let in
member-deaf = 🔕 Has blocked the bot: nothing reaches them.
member-since = Here since { $at }
member-seen = Last heard from { $at }
member-never-seen = Not heard from yet
member-bots = Bots working: { $active } of { $all }; keys: { $keys }
member-max-deposit = Deposit of one bot: { $limit }
member-max-bots = Bots: at most { $limit } { $own }
member-untouchable = Admins can be neither suspended nor removed here. ADMIN_IDS decides who is one.
limit-none = no cap
limit-of = at most { $limit } { $own }
limit-own = (set for this person)
limit-everybodys = (as for everybody)

button-suspend = ⏸ Suspend
button-suspend-yes = ⏸ Yes, suspend
button-let-back = ▶️ Let back in
button-let-back-yes = ▶️ Yes, let back in
button-remove = 🗑 Remove
button-remove-yes = 🗑 Yes, remove for good
button-max-deposit = 💰 Deposit cap
button-max-bots = 🤖 Number of bots
button-like-everybody = As for everybody
suspend-sure = ⏸ <b>Suspend { $name }?</b> They cannot use the bot until you let them back in. { $bots ->
    [0] They have no working bots.
    [one] Their working bot takes no new entries; its take-profit and stop-loss are kept.
   *[other] Their { $bots } working bots take no new entries; take-profits and stop-losses are kept.
  } They are told.
let-back-sure = ▶️ <b>Let { $name } back in?</b> Their bots stay paused until they resume them themselves: the market has moved meanwhile.
remove-sure = 🗑 <b>Remove { $name } for good?</b>
    • { $bots ->
        [0] No bot of theirs is working.
        [one] Their working bot stops first: its orders are canceled, its position stays on the exchange, without a take-profit.
       *[other] Their { $bots } working bots stop first: orders are canceled, positions stay on the exchange, without a take-profit.
      }
    • Their bots with all records and their keys ({ $keys }) are deleted here. This cannot be undone.
removed = 🗑 <b>{ $name }</b> was removed. Nothing of theirs is kept here; older backups still have it.
ask-max-deposit = 💰 How much may one bot of <b>{ $name }</b> have as its deposit? Now: { $now }. Type a number in the quote currency (USDT). Bots that have more keep it; the cap counts when a bot is created, started or given more.
ask-max-bots = 🤖 How many bots may <b>{ $name }</b> have, stopped ones included? Now: { $now }. Type a whole number.
max-deposit-odd = ❗ That is not an amount: a number from 0 up, please.
max-bots-odd = ❗ That is not a number of bots: a whole number from 0 to 10000, please.

invites-title = 🎟 <b>Invites</b>
invites-what = A link lets in the first person who opens it, without asking you again. How long should a new one be valid?
invites-none = No invite is open.
invites-open = { $count ->
    [one] One invite is open:
   *[other] { $count } invites are open:
  }
invite-line = #{ $number }: { $until }
button-invite-for = { $hours ->
    [0] For ever
    [24] One day
   *[other] { $days } days
  }
button-withdraw-invite = ✖️ Withdraw #{ $number } of { $made }
invite-made = 🎟 <b>Invite #{ $number }</b>, for one person. Pass the link on to them alone; it is not shown again.
invite-until = valid until { $at }
invite-for-ever = does not expire
invite-withdrawn = Withdrawn: its link lets nobody in any more.

maintenance-banner = 🛑 <b>Maintenance since { $since }.</b> No new entries; nothing can be started or resumed. Take-profits and stop-losses are kept.
preview-not-now = 🛑 Start comes back when the maintenance is over. Your settings stay here.
admin-maintenance = 🛑 <b>Maintenance since { $since }</b>: no bot takes new entries.
maintenance-sure = 🛑 <b>Stop all trading?</b>
    • No bot of any user takes new entries; take-profits and stop-losses are kept.
    • Nothing can be created, started or resumed.
    • Everybody is told. It lasts until you end it, even across a restart.
maintenance-end-sure = ▶️ <b>End the maintenance</b> that began { $since }? The bots that it paused trade again at once; those that were paused before stay so. Everybody is told.
button-maintenance-yes = 🛑 Yes, stop all trading
button-go-on-yes = ▶️ Yes, go on trading
maintenance-on = 🛑 <b>Maintenance.</b> { $bots ->
    [0] No bot was trading.
    [one] One bot takes no new entries.
   *[other] { $bots } bots take no new entries.
  }
maintenance-off = ▶️ <b>Maintenance is over.</b> { $bots ->
    [0] No bot had been paused by it.
    [one] One bot trades again.
   *[other] { $bots } bots trade again.
  }

log-title = 📜 <b>Log</b>, the last { $count ->
    [one] line
   *[other] { $count } lines
  }
log-empty = The log has been empty since the start.
log-file-head = The log since the start, without secrets. Times: { $zone }
log-file = 📜 The log since the start, without secrets: { $count ->
    [one] one line
   *[other] { $count } lines
  }
button-log-file = 📎 All as a file
backup-sure = 💾 <b>Send a copy of the database here?</b>
    • It holds everything: people, bots, orders, and <b>the exchange keys of all users, sealed</b>.
    • Sealed keys open only with the master key, which is not in the file. Whoever gets both has the keys.
    • Chats with bots are not end-to-end encrypted: the file stays on Telegram's servers until you delete it.
button-backup-yes = 💾 Yes, send it
backup-begun = Making the copy…
backup-file = 💾 The whole database, with sealed keys. Keep it apart from the master key, and delete this message when you have it.

broadcast-ask = 📣 <b>Broadcast.</b> Send me the message now, as { $people ->
    [one] one person
   *[other] { $people } people
  } will get it: text, a picture, a video, a file, an album, or something forwarded (the author's name stays). You see it once more before it goes out.
broadcast-cannot-copy = ❗ Telegram does not let me copy that message. Send another one.
broadcast-confirm = 👆 This is what { $people ->
    [one] one person gets
   *[other] { $people } people get
  }. Send it?
button-send-to = 📣 Send ({ $people })
button-other-message = ✏️ Another
broadcast-begun = It is on its way.
broadcast-canceling = Nobody else will get it.
broadcast-running = 📣 <b>On its way…</b>
broadcast-done = 📣 <b>Broadcast done</b>
broadcast-canceled = 📣 <b>Broadcast canceled</b>
broadcast-delivered = ✅ Delivered: { $count }
broadcast-blocked = 🔕 Have blocked the bot: { $count }
broadcast-failed = ❌ Failed: { $count }
broadcast-uncertain = ❔ Uncertain, not sent again: { $count }
broadcast-not-sent = ▫️ Not sent: { $count }
broadcast-why = Why it failed:
broadcast-reason = • { $reason } ({ $count })
delivery-not-active = may not use the bot any more
delivery-message-gone = the message above was deleted
button-resend = 🔁 Retry the failed ({ $people })
button-broadcasts = 🗂 Past broadcasts
button-show-broadcast = 👁 Show it to me
broadcast-confirm-album = 📚 An album of { $parts }: it arrives as one message.
broadcast-cannot-show = Telegram no longer gives out this message.
broadcasts-title = 🗂 <b>Past broadcasts</b>: { $count }
broadcasts-none = Nothing has been sent to everybody in the last month.
broadcast-line = <b>#{ $number }</b> · { $at } · { $author }
broadcast-one = 📣 <b>Broadcast #{ $number }</b>, { $at }, by { $author }
broadcast-said = <i>{ $text }</i>
broadcast-list-running = ⏳ on its way: { $done } of { $total }

notice-access_suspended = ⏸ <b>The admins have suspended your access.</b> { $bots ->
    [0] You have no working bots.
    [one] Your working bot takes no new entries; its take-profit and stop-loss are kept.
   *[other] Your { $bots } working bots take no new entries; take-profits and stop-losses are kept.
  } Positions and orders on the exchange are yours as before.
notice-access_restored = ▶️ <b>You may use the bot again.</b> { $bots ->
    [0] Press /menu.
    [one] One bot is still paused: look at the market, then resume it under /bots.
   *[other] { $bots } bots are still paused: look at the market, then resume them under /bots.
  }
notice-access_removed = 🗑 <b>The admins have removed you from this bot.</b> Your bots, their records and your keys are deleted here. Positions that your bots held are still on the exchange and are yours to look after; delete the keys there.
notice-invite_used = 🎟 <b>{ $name }</b> ({ $person_id }) came in by your invite.
notice-maintenance_began = 🛑 <b>Maintenance.</b> { $bots ->
    [0] Until it is over, nothing can be started.
    [one] Your bot takes no new entries; its take-profit and stop-loss are kept. Until the maintenance is over, nothing can be started.
   *[other] Your { $bots } bots take no new entries; take-profits and stop-losses are kept. Until the maintenance is over, nothing can be started.
  }
notice-maintenance_ended = ▶️ <b>Maintenance is over.</b> { $bots ->
    [0] You can start bots again.
    [one] Your bot trades again.
   *[other] Your { $bots } bots trade again.
  }
cause-suspended = the admins suspended your access
error-access_suspended = Your access is suspended. Nothing was changed.
error-admin_untouchable = An admin can be neither suspended, limited nor removed here. ADMIN_IDS decides who is one.
error-already_decided = That was decided already. Look under Admin, People.
error-person_still_stopping = Their bots are stopping. When they have stopped, press the button again.
error-let_back_meanwhile = They were let back in meanwhile. Nothing was removed.
error-wrong_limit = That is not a limit: a number from 0 up.
error-invite_unknown = This invite is not valid. Send /start to ask the admins to let you in.
error-invite_used = This invite was used already. Send /start to ask the admins to let you in.
error-invite_expired = This invite has expired. Send /start to ask the admins to let you in.
error-too_many_invites = There are { $limit } open invites. Withdraw some first.
error-nobody_to_tell = There is nobody to send it to.
error-backup_failed = The copy could not be made; the log says why.
error-backup_too_large = The copy is { $megabytes } MB, more than Telegram accepts. It is on the server as { $name }.
