paper = 📄 Бумага
venue-paper = Бумага
account-live = 💰 { $name }
account-unproven = 💰 🧪 { $name } (не проверена)
plain = { $text }
up-to-date = Всё актуально
too-fast = Слишком быстро. Подождите несколько секунд и повторите.
private-only = Ключи и настройки — только в личном чате. Откройте чат со мной и повторите там.
admins-only = Это может только админ.
own-words = <i>{ $detail }</i>
venue-says = Ответ биржи: <i>{ $detail }</i>

access-unknown = Это закрытый бот. Нажмите /start, и я попрошу админов вас впустить.
access-pending = Заявка у админов. Как решат, я напишу.
access-refused = Админы отказали в доступе.
access-suspended = Доступ приостановлен. Обратитесь к админам.
access-was-approved = ✅ <b>{ $name }</b> ({ $id }) теперь может пользоваться ботом.
access-was-refused = 🚫 <b>{ $name }</b> ({ $id }): в доступе отказано.

button-new = ➕ Новый бот
button-bots = 🤖 Боты ({ $count })
button-all-bots = 🤖 Все боты
button-status = 📊 Статус
button-keys = 🔑 Ключи ({ $count })
button-all-keys = 🔑 Все ключи
button-settings = ⚙️ Настройки
button-help = ❓ Помощь
button-panic = 🚨 Паника
button-admin = 🛡 Админ
button-home = 🏠 Меню
button-back = ‹ Назад
button-cancel = ✖️ Отмена
button-refresh = 🔄 Обновить
times-in = 🕘 Время: { $zone }
times-in-paper = 🕘 Бумажное время, { $zone }
picture-times = Время: { $zone }
picture-times-paper = Бумажное время, { $zone }
button-open = Открыть
button-delete = 🗑 Удалить
button-delete-yes = 🗑 Да, удалить
button-approve = ✅ Впустить
button-refuse = 🚫 Отказать
button-test = 🧪 Проверить
button-again = Ещё раз
number-comma = ❗ Это { $whole } или { $part }? Напишите без запятой.
question-foreign = Этот вопрос задан не вам. Ничего не сделано.
question-old = Этому вопросу больше часа, поэтому ничего не сделано. Откройте его заново, посмотрите и нажмите.
button-stale = Эта кнопка больше не действует. Свежие — в /menu.

unknown-text = Не понял. Всё делается кнопками из /menu.
unknown-answer = Жду ответа, а это не он. Нажмите кнопку выше или откройте /menu.
unknown-command = Такой команды нет. Все команды — в /help.
unknown-kind = Я читаю только текст и кнопки. Откройте /menu.
form-lost = Этой формы больше нет (возможно, я перезапускался). Начните заново.
form-moved = В форме уже другое. Посмотрите ещё раз и нажмите.
form-stale = Эта форма уже закрыта. Начните новую из /menu.

language-en = English{ $mark ->
    [no] {""}
   *[other] { " " }{ $mark }
  }
language-ru = Русский{ $mark ->
    [no] {""}
   *[other] { " " }{ $mark }
  }
language-set = Теперь говорю с вами по-русски.
