command-orders = открытые ордера всех моих ботов
command-balance = балансы по ключам
command-price = цена и спред пары: /price crv
command-pause = поставить на паузу одного бота или всех
command-resume = продолжить работу одного бота или всех
command-stop = остановить одного бота или всех

orders-all-title = 📋 <b>Открытые ордера</b>, страница { $page } из { $pages }
orders-all-title-one = 📋 <b>Открытые ордера</b>
orders-all-none = Ни у одного вашего бота нет ордеров на бирже.
orders-all-bot = <b>#{ $id } { $title }</b> · { $account }: { $count ->
    [0] ордеров нет
    [one] { $count } ордер
    [few] { $count } ордера
   *[other] { $count } ордеров
  }
button-orders-of = 📋 #{ $id } { $title } ({ $count })

orders-cancel-how = Нажмите на ордер, чтобы снять его. Тейк-профит снимается, только когда закрывают позицию или останавливают бота.
button-cancel-order = ✖ { $side } { $price }
cancel-order-title = ✖ <b>Снять этот ордер?</b> #{ $id } { $title } · { $account }
cancel-order-what = { $side } <b>{ $amount } { $base }</b> по <b>{ $price }</b>
cancel-order-stays = В этом цикле он не вернётся. Бот продолжит с остальными ордерами, а в следующем цикле поставит его снова.
cancel-order-stays-spot = В этом круге он не вернётся. Бот продолжит с остальными ордерами.
cancel-order-returns = ⚠️ Бот держит здесь ордер постоянно: он сразу вернётся. Чтобы его не было, поставьте бота на паузу.
cancel-order-begun = Снимаю. Сообщу, когда биржа подтвердит.
button-cancel-order-yes = ✖ Да, снять ордер

button-reduce = ✂️ Уменьшить или закрыть
reduce-title = ✂️ <b>Сколько закрыть?</b> #{ $id } { $title } · { $account }
reduce-how = Рыночный ордер закроет часть по той цене, что даст стакан. Бот продолжит работу; тейк-профит подстроится под остаток.
reduce-how-spot = Рыночный ордер продаст часть того, что держит бот, по той цене, что даст стакан. Ваши собственные монеты не трогаю; бот продолжит с остатком.
reduce-too-little = Позиция слишком мала, чтобы её делить: часть или остаток окажутся меньше минимума биржи.
reduce-close-all = <b>Закрыть всё</b>: ордера бота снимаются, позиция закрывается целиком, бот останавливается.
reduce-underway = ⏳ Часть закрывается прямо сейчас.
button-reduce-share = { $percent } % ({ $amount } { $base })
button-reduce-all = 🛑 Закрыть всё и остановить
reduce-sure = ✂️ <b>Закрыть часть сейчас?</b> #{ $id } { $title } · { $account }
reduce-what = <b>{ $percent } %</b>: около <b>{ $amount } { $base }</b> из { $held } { $base }, по рынку.
reduce-result = По цене { $price } это около <b>{ $value }</b> до комиссий.
reduce-begun = Закрываю. Сообщу цену и прибыль, когда будет готово.
button-reduce-yes = ✂️ Да, закрыть { $percent } % сейчас

button-bot = { $mark } #{ $id } { $title }
all-line = { $mark } #{ $id } { $title } · { $account }
pause-which = ⏸ <b>Кого поставить на паузу?</b> Новых входов не будет; тейк-профит и стоп-лосс остаются.
pause-none = Ни один бот не работает.
resume-which = ▶️ <b>Кто продолжит работу?</b>
resume-none = На паузе никого нет.
stop-which = ⏹ <b>Кого остановить?</b> Сначала спрошу, как именно.
stop-none = Запущенных ботов нет.
button-pause-all = ⏸ Всех на паузу
button-resume-all = ▶️ Возобновить всех
button-stop-all = ⏹ Остановить всех
pause-all-sure = ⏸ <b>Поставить на паузу { $count ->
    [one] { $count } бота
   *[other] { $count } ботов
  }?</b> Новых входов не будет; тейк-профит и стоп-лосс остаются.
resume-all-sure = ▶️ <b>Возобновить работу { $count ->
    [one] { $count } бота
   *[other] { $count } ботов
  }?</b> Они сразу начнут входить снова.
button-pause-all-yes = ⏸ Да, всех на паузу
button-resume-all-yes = ▶️ Да, возобновить всех
stop-all-title = ⏹ <b>Как остановить { $count ->
    [one] { $count } бота
   *[other] { $count } ботов
  }?</b>
stop-all-sure = ⏹ <b>Остановить { $count ->
    [one] { $count } бота
   *[other] { $count } ботов
  }?</b>
pause-all-done = ⏸ <b>На паузе: { $count }</b>
resume-all-done = ▶️ <b>Снова работают: { $count }</b>
stop-all-done = ⏹ <b>Останавливаются: { $count }</b>. О каждом сообщу, когда он остановится.

balance-title = 💼 <b>Балансы</b>
balance-reading = Спрашиваю биржи…
balance-account = <b>{ $account }</b>
balance-empty = На этом счёте ничего нет.
balance-more = …и ещё монет: { $count }
balance-worth-of = { $coin } ≈ { $value } { $quote }
balance-worth = Стоимость <b>{ $value } { $quote }</b>
balance-worth-part = Стоимость <b>{ $value } { $quote }</b> (того, у чего есть цена)
balance-equity = С открытой прибылью: <b>{ $value } { $quote }</b>
balance-problem-venue_away = 📡 Биржа сейчас не отвечает.
balance-problem-key_refused = 🔑 Биржа отклоняет этот ключ. Посмотрите его в /keys.
balance-problem-too_slow = 🐢 Биржа слишком долго не отвечала.
column-coin = монета
column-total = всего
column-free = своб.
column-used = занято

price-title = 💱 <b>{ $title }</b>, { $kind }
price-venue = 💰 { $venue }
price-bid = Бид: <b>{ $price }</b>
price-ask = Аск: <b>{ $price }</b>
price-mid = Середина спреда: { $price }
price-spread = Спред: <b>{ $percent } %</b>
price-volume = Объём за 24 ч: { $volume } { $quote }
price-which = 💱 <b>Какая пара?</b> Нажмите на неё или отправьте <code>/price crv</code>.
price-which-typed = 💱 <b>Какая пара?</b> Отправьте, например, <code>/price crv</code>.
price-not-found = На бирже этого счёта нет пары, похожей на «{ $text }».
price-pair = 💱 { $title }
price-pair-paper = 📄 { $title }
price-other = { $title }, { $kind }
price-account = 💰 { $name }
button-prices = 💱 Пары

error-order_is_gone = Этого ордера больше нет: он исполнен, перенесён или снят.
error-order_is_exit = Этот ордер бережёт позицию. Он уйдёт, когда вы закроете позицию или остановите бота.
error-order_is_market = Рыночный ордер закончится сам.
error-reduction_underway = Часть уже закрывается. Дождитесь сообщения о ней.
error-nothing_to_reduce = У бота нет позиции.
error-too_little_to_reduce = Эта часть или остаток меньше минимума биржи. Можно закрыть всё.
error-bot_unreachable = { $venue } недоступна, поэтому ничего не сделано. /panic работает всегда: он дождётся биржи.
reason-venue_away = Биржа не отвечает.
reason-not_confirmed = Биржа ещё не подтвердила.

notice-closing_delayed = ⏳ <b>Ещё не всё снято и закрыто</b>: { $orders ->
    [one] остался { $orders } ордер
    [few] осталось { $orders } ордера
   *[other] осталось { $orders } ордеров
  } и позиция { $position } { $base }. Продолжаю и сообщу, когда будет готово.
notice-position_reduced = { $price ->
    [none] ✂️ <b>Ничего не закрыто</b> из { $wanted } { $base }. Позиция: { $left } { $base }.
   *[other] ✂️ <b>Закрыто вручную: { $closed } { $base }</b> по { $price }. К среднему входу, за вычетом комиссии закрытия: <b>{ $net } { $quote }</b>. Осталось: { $left } { $base }.
  }
notice-orders_left = ⚠️ <b>Проверьте на бирже</b>: бот больше не может работать, а биржа не говорит, что стало с { $orders ->
    [one] { $orders } его ордером. Если он ещё стоит, снимите его там:
   *[other] { $orders } его ордерами. Что ещё стоит, снимите там:
  }
notice-orders_left-orders = • { $side ->
    [sell] продажа
   *[other] покупка
  } { $amount }{ $price ->
    [none] {""}
   *[other] {" "}по { $price }
  } (<code>{ $client_id }</code>)
notice-panic_report-orders = ✖ { $side ->
    [sell] продажа
   *[other] покупка
  } { $amount }{ $price ->
    [none] {""}
   *[other] {" "}по { $price }
  }
notice-order_taken_off = { $was_filled ->
    [yes] ✖ Снять не успел: { $side ->
        [sell] продажа
       *[other] покупка
      } { $filled } { $base } по { $price } исполнена.
   *[no] ✖ <b>Снято вручную</b>: { $side ->
        [sell] продажа
       *[other] покупка
      } { $amount } { $base } по { $price }{ $filled ->
        [none] .
       *[other] {""}, исполнено до этого { $filled } { $base }.
      }{ $returns ->
        [yes] {" "}Бот поставит его снова.
       *[no] {" "}До следующего цикла он не вернётся.
      }
  }
