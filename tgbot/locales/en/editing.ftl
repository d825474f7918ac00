edit-title = ✏️ <b>#{ $id } { $title }</b>
edit-how = Press what you want to change. Nothing is done before you have seen what it would do.
edit-pending = { $count ->
    [one] One change is
   *[other] { $count } changes are
  } not applied yet. Change more, or look at what it would do.
edit-change = ✏️ { $name }: { $before } → <b>{ $after }</b>
edit-would = 👁 <b>What would happen now:</b>
edit-exit = • { $role }: from { $before } to <b>{ $after }</b>
edit-move = • { $count ->
    [one] { $count } order moves
   *[other] { $count } orders move
  }
edit-cancel = • { $count ->
    [one] { $count } order is canceled
   *[other] { $count } orders are canceled
  }
edit-place = • { $count ->
    [one] { $count } order is placed
   *[other] { $count } orders are placed
  }
edit-nothing-moves = • No order changes.
edit-deferred = ⏳ Waits for the next cycle: { $fields }
edit-unseen = 👁 Which orders would change cannot be known now: I am still reading the market or the account. They follow as soon as I know.
edit-stopped = ⏹ The bot is stopped, so nothing happens now. <b>Start would then do this:</b>
edit-stopped-unseen = ⏹ The bot is stopped, so nothing happens now. The exchange does not answer, so I cannot show what Start would do.
edit-not-yet = Nothing is changed yet.
edit-done = ✅ { $name }: <b>{ $value }</b>
edit-same = It is already set to that.
edit-none = There is nothing to change: choose a setting first.
edit-discarded = Nothing was changed.
edit-applying = Changing…
button-review = 👁 What would change ({ $count })
button-apply = ✅ Apply
button-change-more = ✏️ Change more
button-discard = ✖️ Discard
role-full-take_profit = Take-profit
role-full-stop_loss = Stop-loss
role-full-close = Closing order
