edit-title = ✏️ <b>#{ $id } { $title }</b>
edit-how = Нажмите то, что хотите изменить. Ничего не произойдёт, пока вы не увидите, к чему это приведёт.
edit-pending = { $count ->
    [one] { $count } изменение ещё не применено
    [few] { $count } изменения ещё не применены
   *[other] { $count } изменений ещё не применено
  }. Измените что-то ещё или посмотрите, что будет.
edit-change = ✏️ { $name }: { $before } → <b>{ $after }</b>
edit-would = 👁 <b>Что произойдёт сейчас:</b>
edit-exit = • { $role }: с { $before } на <b>{ $after }</b>
edit-move = • { $count ->
    [one] { $count } ордер передвинется
    [few] { $count } ордера передвинутся
   *[other] { $count } ордеров передвинутся
  }
edit-cancel = • { $count ->
    [one] { $count } ордер будет снят
    [few] { $count } ордера будут сняты
   *[other] { $count } ордеров будут сняты
  }
edit-place = • { $count ->
    [one] { $count } ордер будет выставлен
    [few] { $count } ордера будут выставлены
   *[other] { $count } ордеров будут выставлены
  }
edit-nothing-moves = • Ни один ордер не изменится.
edit-deferred = ⏳ Ждёт следующего цикла: { $fields }
edit-unseen = 👁 Какие ордера изменятся, сейчас сказать нельзя: я ещё читаю рынок или счёт. Они изменятся, как только всё станет известно.
edit-stopped = ⏹ Бот остановлен, поэтому сейчас ничего не произойдёт. <b>После старта он сделает вот что:</b>
edit-stopped-unseen = ⏹ Бот остановлен, поэтому сейчас ничего не произойдёт. Биржа не отвечает, и показать, что сделает старт, нельзя.
edit-not-yet = Пока ничего не изменено.
edit-done = ✅ { $name }: <b>{ $value }</b>
edit-same = Такое значение уже задано.
edit-none = Менять нечего: сначала выберите настройку.
edit-discarded = Ничего не изменено.
edit-applying = Меняю…
button-review = 👁 Что изменится ({ $count })
button-apply = ✅ Применить
button-change-more = ✏️ Изменить ещё
button-discard = ✖️ Отменить изменения
role-full-take_profit = Тейк-профит
role-full-stop_loss = Стоп-лосс
role-full-close = Закрывающий ордер
