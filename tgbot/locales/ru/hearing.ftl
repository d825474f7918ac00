button-levels = 🔔 Уведомления
button-quiet = 🌙 Тихие часы: { $hours ->
    [none] выкл
   *[other] { $hours }
  }
button-daily = 🗞 Отчёт за день: { $time ->
    [none] выкл
   *[other] { $time }
  }
button-zone = 🕘 Часовой пояс: { $zone }
button-level = { $level ->
    [loud] 🔔
    [silent] 🔕
   *[off] 🚫
  } { $topic }{ $lock ->
    [yes] { " " }🔒
   *[no] {""}
  }
button-daily-when = 🗞 Время отчёта
button-off = Выключить

levels-title = 🔔 <b>Уведомления</b>
levels-how = Нажмите на тему, чтобы сменить: 🔔 со звуком → 🔕 без звука → 🚫 выключено.
levels-essential = 🔒 полностью выключить нельзя: самое важное всё равно придёт, но без звука. Это отклонённый ключ, отчёт о панике, решения о доступе, отчёты, которые вы заказали, и неполадки системы.
level-set = { $topic }: { $level ->
    [loud] со звуком
    [silent] без звука
   *[off] выключено
  }

topic-fills = Исполнения
topic-take_profit = Тейк-профит
topic-cycle = Циклы, прибыль
topic-bot = Старт, пауза, стоп
topic-order_refused = Отклонённые ордера
topic-key = Ключи
topic-funds = Нехватка денег
topic-limits = Лимиты запросов
topic-errors = Ошибки
topic-drawdown = Просадка
topic-stalled = Торговля стоит
topic-venue = Биржа молчит
topic-system = Система
topic-access = Доступ
topic-reports = Отчёты
topic-obligation = Обязательство
topic-reference = Опорная цена

quiet-title = 🌙 <b>Тихие часы</b>
quiet-now = Сейчас: <b>{ $hours }</b>
quiet-none = Сейчас: <b>выключены</b>
quiet-about = В это время приходит только срочное: просадка, позиция без тейк-профита, ликвидация, отклонённый ключ, неполадки. Остальное ждёт и приходит потом одним сообщением. Боты торгуют как обычно.
quiet-ask = Выберите или напишите часы, например <code>22:30-7:15</code>.
quiet-set = ✅ Тихие часы: { $hours }
quiet-unset = Тихие часы выключены.
quiet-wrong = ❌ Нужны два времени, например <code>22:30-7:15</code>.

zone-title = 🕘 <b>Часовой пояс</b>
zone-now = На ваших часах <b>{ $time }</b>, { $zone }
zone-ask = Выберите разницу с UTC или напишите свой город, например <code>Москва</code>: с городом учитывается и летнее время.
zone-which = Какой из них?
zone-set = ✅ Часовой пояс: { $zone }
zone-unknown = ❌ Не знаю «{ $text }». Попробуйте ближайший большой город по-английски или разницу вроде <code>+5:30</code>.
zone-cities = Москва = Europe/Moscow; Санкт-Петербург = Europe/Moscow; Питер = Europe/Moscow; Казань = Europe/Moscow; Нижний Новгород = Europe/Moscow; Сочи = Europe/Moscow; Краснодар = Europe/Moscow; Ростов-на-Дону = Europe/Moscow; Воронеж = Europe/Moscow; Калининград = Europe/Kaliningrad; Самара = Europe/Samara; Саратов = Europe/Saratov; Волгоград = Europe/Volgograd; Екатеринбург = Asia/Yekaterinburg; Челябинск = Asia/Yekaterinburg; Уфа = Asia/Yekaterinburg; Пермь = Asia/Yekaterinburg; Тюмень = Asia/Yekaterinburg; Омск = Asia/Omsk; Новосибирск = Asia/Novosibirsk; Томск = Asia/Tomsk; Красноярск = Asia/Krasnoyarsk; Иркутск = Asia/Irkutsk; Якутск = Asia/Yakutsk; Владивосток = Asia/Vladivostok; Хабаровск = Asia/Vladivostok; Магадан = Asia/Magadan; Минск = Europe/Minsk; Киев = Europe/Kyiv; Рига = Europe/Riga; Вильнюс = Europe/Vilnius; Таллин = Europe/Tallinn; Кишинев = Europe/Chisinau; Тбилиси = Asia/Tbilisi; Ереван = Asia/Yerevan; Баку = Asia/Baku; Алматы = Asia/Almaty; Астана = Asia/Almaty; Ташкент = Asia/Tashkent; Бишкек = Asia/Bishkek; Душанбе = Asia/Dushanbe; Ашхабад = Asia/Ashgabat; Стамбул = Europe/Istanbul; Дубай = Asia/Dubai; Тель-Авив = Asia/Jerusalem; Лондон = Europe/London; Париж = Europe/Paris; Берлин = Europe/Berlin; Мадрид = Europe/Madrid; Рим = Europe/Rome; Прага = Europe/Prague; Варшава = Europe/Warsaw; Белград = Europe/Belgrade; Лиссабон = Europe/Lisbon; Никосия = Asia/Nicosia; Лимасол = Asia/Nicosia; Бангкок = Asia/Bangkok; Пхукет = Asia/Bangkok; Сингапур = Asia/Singapore; Гонконг = Asia/Hong_Kong; Пекин = Asia/Shanghai; Токио = Asia/Tokyo; Сеул = Asia/Seoul; Денпасар = Asia/Makassar; Бали = Asia/Makassar; Нью-Йорк = America/New_York; Лос-Анджелес = America/Los_Angeles

daily-title = 🗞 <b>Отчёт за день</b>
daily-now = Каждый день в <b>{ $time }</b>
daily-none = Сейчас: <b>выключен</b>
daily-next = Следующий: { $at }
daily-about = Прошедшие 24 часа одним сообщением с картинкой: прибыль после комиссий, просадка, исполнения, каждый бот. Приходит, если хотя бы один бот работал. Бумага — в бумажном времени, оно может идти быстрее.
daily-ask = Выберите или напишите время, например <code>8:30</code>.
daily-set = ✅ Отчёт за день в { $time }
daily-unset = Отчёт за день выключен.
daily-wrong = ❌ Нужно время, например <code>8:30</code>.

daily-live = 💰 <b>{ $quote }</b>: <b>{ $net }</b> после комиссий
daily-paper = 📄 <b>Бумага, { $quote }</b>: <b>{ $net }</b> после комиссий
daily-paper-clock = 🕘 В бумажном времени эти 24 часа — { $length }.
span-hours = { $count ->
    [one] { $count } час
    [few] { $count } часа
   *[other] { $count } часов
  }
daily-risk = Просадка { $drawdown } ({ $percent } % депозитов), открытые позиции { $open }
daily-fills = { $fills ->
    [one] { $fills } исполнение
    [few] { $fills } исполнения
   *[other] { $fills } исполнений
  }, { $bots ->
    [one] { $bots } бот
    [few] { $bots } бота
   *[other] { $bots } ботов
  }
daily-bot = #{ $id } { $title }: { $net }, { $fills ->
    [one] { $fills } исполнение
    [few] { $fills } исполнения
   *[other] { $fills } исполнений
  }
daily-more = …и ещё { $count ->
    [one] { $count } бот
    [few] { $count } бота
   *[other] { $count } ботов
  }
picture-daily-title = Последние 24 часа
picture-daily-title-paper = 24 часа, в бумажном времени { $length }
picture-daily-profit = С открытыми позициями
picture-daily-drawdown = Макс. просадка

notice-digest = 🌙 <b>Пока было тихо</b>, с { $since }
digest-count = { $topic }: { $count }
digest-live = 💰 { $cycles ->
    [one] { $cycles } цикл завершён
    [few] { $cycles } цикла завершены
   *[other] { $cycles } циклов завершено
  }: <b>{ $net }</b> { $quote } после комиссий
digest-paper = 📄 Бумага, { $cycles ->
    [one] { $cycles } цикл завершён
    [few] { $cycles } цикла завершены
   *[other] { $cycles } циклов завершено
  }: <b>{ $net }</b> { $quote } после комиссий
digest-important = <b>Последнее важное:</b>
notice-daily_report = 🗞 <b>Отчёт за день, { $day }</b>

notice-drawdown = 📉 <b>Просадка { $percent_of_deposit } % депозита</b>: на { $loss } { $quote } ниже максимума
notice-book_stale = ⌛ <b>Свежей цены нет уже { $seconds }.</b> Бот ждёт её и ничего нового не ставит.
notice-book_fresh = ⌛ Цена снова свежая, её не было { $seconds }

error-unknown_topic = Такой темы нет.
error-topic_stays_on = Об этом нужно знать: звук отключить можно, само уведомление — нет.
error-unknown_time_zone = Такого часового пояса я не знаю.
error-no_time_of_day = Это не время суток.
