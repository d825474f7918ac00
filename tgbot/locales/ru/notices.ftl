notice-head = <b>#{ $id } { $title }</b> · { $account }
notice-head-gone = <b>{ $title }</b>
notices-more = …и до этого ещё { $count }
notice-bot_started = ▶️ Запущен
notice-bot_paused = ⏸ <b>На паузе</b>: { $cause }
bot-paused-keeps = Новых входов нет. Тейк-профит и стоп-лосс стоят.
notice-bot_resumed = ▶️ Снова работает
notice-bot_stopped = ⏹ <b>Остановлен</b>: { $cause }
bot-stopped-position = На бирже осталась позиция <b>{ $position }</b>. Следите за ней сами.
bot-stopped-flat = Позиции не осталось.
notice-order_refused = ⛔ { $count ->
    [one] <b>Отклонён { $count } ордер</b>
    [few] <b>Отклонено { $count } ордера</b>
   *[other] <b>Отклонено { $count } ордеров</b>
  }
notice-order_refused-line = { $side ->
    [sell] продажа
   *[other] покупка
  } { $amount } по { $price ->
    [none] рынку
   *[other] { $price }
  }: { $reason }
notice-order_refused-end = { $detail ->
    [none] {""}
   *[other] { $detail }
  }
notice-setup_refused = ⛔ <b>Счёт не удалось настроить для этого бота</b>
notice-exit_missing = 🚨 <b>Позиция { $position } без тейк-профита уже { $seconds } с.</b> Продолжаю попытки его поставить.
notice-position_gone = { $liquidated ->
    [yes] 💀 <b>Ликвидация</b> около { $price }: осталось { $found } из { $expected }.
   *[no] ❗ На бирже позиция { $found } вместо { $expected } (около { $price }): её закрыли помимо бота. Цикл закончен.
  }
notice-key_invalid = 🔑 <b>{ $venue } отклоняет ключ «{ $label }».</b> Его боты на паузе, ордера стоят. Посмотрите в /keys.
notice-insufficient_funds = 💸 <b>На счёте не хватает денег</b> на следующий ордер
notice-rate_limited = 🐢 { $venue } просит слать запросы реже: жду { $seconds } с
notice-budget_used_up = 🐢 <b>Слишком много запросов к { $venue }</b>: лимит этого ключа исчерпан, ответы запаздывают. Поможет, если ботов на этом ключе станет меньше.
notice-venue_away = 📡 <b>{ $venue } не отвечает.</b> Ордера там остаются как есть; продолжаю попытки.
paper-source_away = 📡 <b>{ $venue } не отвечает, поэтому на бумаге нет цен.</b> Пока их нет, ничего не исполняется; продолжаю попытки.
paper-no_prices = 📡 <b>На бумаге сейчас нет цен.</b> Пока их нет, ничего не исполняется; продолжаю попытки.
paper-source_back = 📡 { $venue } снова отвечает, молчала { $seconds }: цены на бумаге есть
paper-prices_again = 📡 На бумаге снова есть цены, не было { $seconds }
notice-venue_back = 📡 { $venue } снова отвечает, молчала { $seconds }
notice-trading_stalled = 🚨 <b>Торговли нет { $minutes ->
    [one] { $minutes } минуту
    [few] { $minutes } минуты
   *[other] { $minutes } минут
  }</b>, хотя должна быть
notice-trading_goes_on = ▶️ Торговля снова идёт, перерыв { $seconds }
notice-unknown_orders = ❔ { $count ->
    [one] На бирже был { $count } наш ордер, которого нет в учёте
    [few] На бирже были { $count } наших ордера, которых нет в учёте
   *[other] На бирже было { $count } наших ордеров, которых нет в учёте
  }: { $outcome } ({ $ids })
outcome-canceled = снимаю
outcome-foreign_epoch = от прежней установки, не трогаю
outcome-other = { $code }
notice-restored = 🔄 <b>Перезапуск.</b> { $bots ->
    [one] Восстановлен { $bots } бот
    [few] Восстановлено { $bots } бота
   *[other] Восстановлено { $bots } ботов
  }: ордеров принято { $orders }, исполнений учтено { $fills }, потеряно { $lost }
notice-panic_report = 🚨 <b>Паника выполнена</b>: { $canceled ->
    [0] снимать было нечего
    [one] снят { $canceled } ордер
    [few] снято { $canceled } ордера
   *[other] снято { $canceled } ордеров
  }, { $price ->
    [none] закрывать было нечего.
   *[other] закрыто <b>{ $closed } { $base }</b> в среднем по { $price }. Относительно среднего входа, за вычетом комиссии за закрытие: <b>{ $net } { $quote }</b>.
  }{ $left ->
    [none] {""}
   *[other] {" "}⚠️ Остаток слишком мал для биржи: { $left } { $base }.
  }
notice-system_trouble = 🛠 <b>Неполадка системы</b>: { $what }
notice-trouble_over = 🛠 Неполадка прошла, длилась { $seconds }: { $what }
trouble-database = не удаётся писать в базу данных; торговля ждёт
trouble-backup = резервная копия не удалась
trouble-disk = диск почти заполнен
trouble-loop = цикл событий отстаёт
trouble-other = { $code }
notice-access_requested = 👤 <b>{ $name }</b> ({ $person_id }) просит доступ к боту.
notice-access_decided = { $approved ->
    [yes] ✅ Теперь вы можете пользоваться ботом. Нажмите /menu.
   *[no] 🚫 Админы отказали в доступе.
  }
notice-unknown_notice = ❔ Другая версия бота оставила сообщение, которого эта не понимает{ $name ->
    [none] .
   *[other] : <code>{ $name }</code>
  }
