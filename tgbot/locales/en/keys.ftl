keys-title = 🔑 <b>Exchange keys</b>
keys-none = You have none yet.
keys-paper = 📄 Paper needs no key.
key-line = { $mark } { $label } …{ $tail }
key-title = 🔑 <b>{ $venue }</b> · { $label } · …{ $tail }
key-status-ok = ✅ Works
key-status-invalid = ⚠️ Refused by the exchange at the last try
key-status-other = State: { $status }
key-bots = Bots working on it: { $count }
key-may-withdraw = ⚠️ This key may withdraw money. Take that right away on the exchange.
key-testing = Testing the key…
key-deleted = Key deleted
check-ok = ✅ The key works. On the account: <b>{ $equity } USDT</b>
check-withdraw-yes = ⚠️ It may withdraw. Take that right away on the exchange.
check-withdraw-no = 👍 It may not withdraw.
check-withdraw-unknown = The exchange does not tell whether it may withdraw: look there yourself.
check-bad_credentials = ❌ The exchange refuses this key. It may be deleted, expired, or bound to another IP address.
check-unavailable = ⏳ The exchange does not answer. Try again later.
check-hedge_mode = ❌ The account is in hedge mode. Switch it to one-way mode on the exchange (no open positions), then test again.
check-other = ❌ The test failed.
delete-key-sure = 🗑 <b>Delete { $venue } · { $label } · …{ $tail }?</b> It is removed from here for good; on the exchange it lives on until you delete it there.
delete-key-bots = ⚠️ { $count ->
    [one] One bot works
   *[other] { $count } bots work
  } on it: they stop, their orders are canceled, their positions stay with you on the exchange without a take-profit.
key-warning = ⚠️ <b>Before you send a key.</b> Chats with bots are not end-to-end encrypted. So make a key that
    • may trade and read, but <b>may not withdraw</b>;
    • works only from this server's IP address.
    I delete your messages with secrets at once, store the key encrypted, and never show it again.
key-venue = Which exchange?
venue-unproven = { $venue } (untested)
key-ask = 🔑 <b>{ $venue }</b>, step { $place } of { $all }. Send the <b>{ $credential }</b>.
key-deletes = I delete your message the moment I have read it.
key-not-deleted = ⚠️ <b>I could not delete your message. Delete it yourself now.</b>
key-odd = ❗ That does not look right: it has to be one line without spaces. Copy it again from the exchange.
key-label = A name for this { $venue } key? Type one, or press the button.
key-label-odd = ❗ A name has at most { $limit } characters and is not the secret itself.
button-save-as = 💾 Just “{ $label }”
key-withdraw-first = ⛔ <b>This { $venue } key may withdraw money.</b> Whoever gets hold of it can empty the account. Make another one without that right.
key-withdraw-second = ⛔ <b>Really?</b> I never need that right. If this server or your chat is ever broken into, everything on { $venue } can be gone for good.
button-insist = Use it anyway
button-insist-second = Yes, I take that risk
key-added = ✅ <b>{ $venue }</b> · { $label } · …{ $tail } works and is stored encrypted.
credential-apiKey = API key
credential-secret = API secret
credential-password = passphrase
credential-uid = user id (uid)
credential-login = login
credential-token = token
credential-privateKey = private key
credential-walletAddress = wallet address
