keys-title = 🔑 <b>Exchange keys</b>
keys-none = You have none yet.
keys-paper = 📄 Paper needs no key.
key-line = { $mark } { $label } …{ $tail }
key-title = 🔑 <b>{ $name }</b> · …{ $tail }
key-status-ok = ✅ Works
key-status-invalid = ⚠️ Refused by the exchange at the last try
key-status-other = State: { $status }
key-bots = Bots working on it: { $count }
key-may-withdraw = ⚠️ This key may withdraw money. Take that right away on the exchange.
key-renamed = ✅ <b>The key has its new name.</b>
button-replace-key = 🔁 Replace credentials
replace-key-title = 🔁 <b>New credentials for { $name } · …{ $tail }</b>
replace-key-account = ⚠️ <b>They must belong to the same account on { $venue }.</b> The orders and positions of the bots on this key are there; on another account the bots would miss them and place their orders anew, and the old ones would stay where they are, with nobody minding them.
    The new credentials are tested first. Until the test has passed, the old ones stay in use.
key-replaced = ✅ <b>The new credentials work and are in use.</b> The old ones are gone from here. If the old key still works on the exchange, delete it there.
key-replaced-bots = { $count ->
    [one] One bot goes on with them: it connects anew now
   *[other] { $count } bots go on with them: they connect anew now
  }. Orders on the exchange stay.
key-replaced-paused = ⏸ { $count ->
    [one] One bot was paused because the old credentials were refused. Resume it when you like.
   *[other] { $count } bots were paused because the old credentials were refused. Resume them when you like.
  }
key-kept = Nothing was changed: the credentials with …{ $tail } stay in place.
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
delete-key-sure = 🗑 <b>Delete { $name } · …{ $tail }?</b> It is removed from here for good; on the exchange it lives on until you delete it there.
delete-key-bots = ⚠️ { $count ->
    [one] One bot works
   *[other] { $count } bots work
  } on it: they stop, their orders are canceled, their positions stay with you on the exchange without a take-profit.
key-warning = ⚠️ <b>Before you send a key.</b> Chats with bots are not end-to-end encrypted. So make a key that
    • may trade and read, but <b>may not withdraw</b>;
    • works only from this server's IP address.
    I delete your messages with secrets at once, store the key encrypted, and never show it again.
key-venue = Which exchange?
venue-unproven = 🧪 { $venue } · { $kinds } (untested)
button-other-venue = 🔎 Another exchange
key-venue-search = 🔎 <b>Another exchange.</b> Type its name or a part of it.
    These are <b>not proven with Makergram</b>: I know them only from the ccxt library. I test the key, tell what the exchange can do and what it cannot, and warn before every start.
key-venue-found = 🔎 Found for “{ $text }”. Press one, or type another name.
key-venue-none = 🤷 I know no exchange called “{ $text }” on which a bot could trade. Check the spelling, or type a shorter part of the name.
key-kind = For which market is this key? A key is for one of them; for both add two keys.
kind-spot = spot
kind-perpetual = futures
key-kind-chosen = Market: { $kinds }
key-unproven = 🧪 <b>{ $venue } is not proven with Makergram.</b> Nobody has checked how orders, cancels and fills behave there. Begin with a small deposit and watch it.
key-can = ✅ It has: { $abilities }
key-cannot = 🚫 It lacks: { $abilities }
key-unfit = ⛔ <b>{ $venue } cannot be used:</b> { $reason } So this key was not kept.
check-unfit = ⛔ The key works, but no bot can trade there: { $reason }
unfit-no_orders = orders cannot be placed or canceled there.
unfit-no_book = it does not show its order book.
unfit-no_balance = it does not tell the balance.
unfit-no_client_id = its orders carry no id of ours, so an order whose answer is lost could not be found again.
unfit-no_open_orders = it does not list open orders.
unfit-no_order_lookup = what became of an order cannot be asked: neither by id nor in a list.
unfit-no_own_trades = it does not list own trades, so profit could not be counted.
unfit-no_positions = it does not tell open positions.
unfit-no_leverage = the leverage cannot be set.
ability-order_stream = news of own orders by stream
ability-book_stream = order book by stream
ability-post_only = post-only orders
ability-immediate_or_cancel = immediate-or-cancel orders
ability-market_orders = market buys by amount
ability-client_id = order ids of our own
ability-order_by_client_id = search for an order by our id
ability-order_history = list of finished orders
ability-open_orders_at_once = open orders of all pairs at once
ability-batch = several orders in one request
ability-candles = price chart
ability-test_network = test network
ability-leverage = leverage setting
ability-margin_mode = margin mode setting
ability-position_mode = position mode reading or setting
key-ask = 🔑 <b>{ $venue }</b>, step { $place } of { $all }. Send the <b>{ $credential }</b>.
key-deletes = I delete your message the moment I have read it.
key-not-deleted = ⚠️ <b>I could not delete your message. Delete it yourself now.</b>
key-odd = ❗ That does not look right: it has to be one line without spaces. Copy it again from the exchange.
key-not-text = ❗ A file or a picture is not taken here. Send it as text.
key-stray = ❗ You had left this question, so I did not take that as its answer. Send it once more, or press Cancel.
key-label = A name for this { $venue } key? Type one, or press the button.
key-label-odd = ❗ A name has at most { $limit } characters and is not the secret itself.
error-label_empty = A name has at least one letter.
error-label_secret = A name must not hold a part of the key itself.
button-save-as = 💾 Just “{ $label }”
key-withdraw-first = ⛔ <b>This { $venue } key may withdraw money.</b> Whoever gets hold of it can empty the account. Make another one without that right.
key-withdraw-second = ⛔ <b>Really?</b> I never need that right. If this server or your chat is ever broken into, everything on { $venue } can be gone for good.
button-insist = Use it anyway
button-insist-second = Yes, I take that risk
key-added = ✅ <b>{ $name }</b> · …{ $tail } works and is stored encrypted.
credential-apiKey = API key
credential-secret = API secret
credential-password = passphrase
credential-uid = user id (uid)
credential-login = login
credential-token = token
credential-privateKey = private key
credential-walletAddress = wallet address
credential-accountId = account id
credential-twofa = two-factor secret (2FA)
