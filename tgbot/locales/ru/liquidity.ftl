strategy-liquidity = Ликвидность
strategy-about-liquidity = <b>Ликвидность</b> (спот): держит спред и глубину рынка, как требует договор маркет-мейкера, вокруг цены, взвешенной по двум биржам, и отчитывается, как соблюдалось обязательство.
doing-liquidity-quoting = Котирует обе стороны
doing-liquidity-reduced = Котирует; на одной стороне меньше нужного ({ $cause })
doing-liquidity-trouble = Придерживает котировки: { $cause }
doing-liquidity-breached = Обязательство не соблюдается ({ $cause })

unit-text = { $value }
unit-venue = { $value }
unit-minutes = { $value } мин
unit-orders = { $value }
unit-switch = { $value }

about-liquidity-deposit = Деньги под заявки на покупку. На ту же сумму нужна монета под заявки на продажу.
field-reference_venue = Опорная биржа
about-reference_venue = Где ещё смотреть цену. Только открытые данные, ключ не нужен.
field-reference_symbol = Опорная пара
about-reference_symbol = Пара на той бирже, за ценой которой следит бот, например <code>ABC/USDT</code>. По умолчанию та же, что здесь.
field-max_spread_percent = Наибольший спред
about-max_spread_percent = Обязательство: от лучшего бида до лучшего аска не больше этого, в процентах от середины спреда.
field-min_depth = Наименьшая глубина
about-min_depth = Обязательство: в окне глубины и бидов, и асков не меньше чем на эту сумму.
field-depth_window_percent = Окно глубины
about-depth_window_percent = Глубина считается в пределах стольких процентов от середины спреда, в каждую сторону.
field-orders_per_side = Ордеров на сторону
about-orders_per_side = Сколько бидов и сколько асков стоит всегда.
field-min_order = Наименьший ордер
about-min_order = Ордеров меньше не будет.
field-max_order = Наибольший ордер
about-max_order = Ордеров больше не будет.
field-reset_minutes = Период обновления
about-reset_minutes = Как часто все ордера переставляются, по одному, чтобы картина бота точно совпадала с биржей.
field-include_own_orders = Учёт своих ордеров
about-include_own_orders = Считать ли свои ордера ликвидностью, когда взвешивается справедливая цена.
field-price_tolerance_percent = Допуск по цене
about-price_tolerance_percent = Ордер, отошедший от нужной цены меньше этого, остаётся на месте.
field-max_inventory_skew = Наибольший перекос
about-max_inventory_skew = Сколько может быть куплено и не продано (или наоборот), в процентах от депозита. Сверх этого на стороне, которая усиливает перекос, бот показывает меньше.
field-price_source_guard_percent = Расхождение цен
about-price_source_guard_percent = Котировки снимаются, пока середины спредов двух рынков расходятся сильнее.
field-stale_seconds = Возраст цены
about-stale_seconds = Опорной цене старше этого не верим: снимаем ближние котировки, а через столько же — и остальные.

figure-spread_percent = Спред: { $value } %
figure-bid_depth = Биды: { $value } { $quote }
figure-ask_depth = Аски: { $value } { $quote }
figure-base_needed = Нужно монеты: { $value } { $base }
finding-tick_too_coarse = Шаг цены { $tick } слишком крупный: спред будет { $percent } %, а наибольший спред — { $maximum } %.
finding-deposit_below_depth = Депозита { $deposit } { $quote } не всегда хватит на наименьшую глубину { $depth } { $quote }; хватит { $needed }.
finding-renewal_dips = При обновлении ордеров один на мгновение снимается, и если других участников рядом нет, глубина падает ниже наименьшей ({ $depth } { $quote }). С депозитом { $needed } { $quote } его заменит ещё один ордер.
finding-guard_too_wide = Допустимое расхождение цен { $guard } % велико для окна глубины { $window } %: можно котировать по неверной цене.
finding-base_needed = Под аски на счёте нужно { $amount } { $base } (это { $worth } { $quote }).
finding-base_covered = Под аски нужно { $amount } { $base } (это { $worth } { $quote }); на счёте { $held }.
finding-base_too_small = Под аски нужно { $amount } { $base } (это { $worth } { $quote }), а на счёте { $held } { $base } (это { $held_worth } { $quote }). Уменьшите депозит или пополните счёт в { $base }.
finding-reference_missing = На { $venue } нет пары { $symbol }: следовать не за чем. Укажите другую биржу или пару.
finding-reference_apart = Цена на { $venue } — { $price }, расхождение { $percent } %, а допустимо { $guard } %: <b>пока цены не сойдутся, котировок не будет</b>. Точно ли { $symbol } там — та же монета?
finding-reference_simulated = На бумаге { $venue } тоже имитируется: это цена этого же рынка с опозданием на секунду и небольшим сдвигом.
finding-reference_is_source = Бумага и так торгует по ценам { $venue }: как опорная эта биржа ничего нового не скажет, выберите другую.
finding-off_tick = { $count ->
    [one] { $count } ордер остался бы
    [few] { $count } ордера остались бы
   *[other] { $count } ордеров остались бы
  } без допустимой цены.
finding-off_step = { $count ->
    [one] { $count } ордер не подошёл бы
    [few] { $count } ордера не подошли бы
   *[other] { $count } ордеров не подошли бы
  } под шаг объёма биржи.

cause-paused = бот на паузе
cause-stopping = бот останавливается
cause-venue_away = биржа не отвечает
cause-reference_gone = опорная цена пропала
cause-reference_stale = опорная цена устарела
cause-sources_apart = цены двух рынков слишком далеко друг от друга
cause-refused_orders = биржа отклоняет ордера
cause-our_balance = не хватает денег или монеты
cause-balance_unknown = баланс неизвестен
cause-inventory = перекос: слишком много куплено или продано
cause-deposit = депозит мал
cause-moving = свои ордера переставляются
cause-market = рынок сдвинулся

notice-quote_filled = { $count ->
    [one] 🔹 Исполнена { $count } котировка
    [few] 🔹 Исполнено { $count } котировки
   *[other] 🔹 Исполнено { $count } котировок
  }
notice-quote_filled-line = { $side ->
    [sell] продано
   *[other] куплено
  } { $amount } { $base } по { $price }
notice-obligation_breached = 📏 <b>Обязательство не соблюдается</b>: { $cause }
notice-obligation_breached-min_depth = Спред { $spread_percent ->
    [none] не определён, одна сторона пуста
   *[other] { $spread_percent } %
  } (не больше { $max_spread_percent } %), биды { $bid_depth }, аски { $ask_depth } (не меньше { $min_depth } { $quote })
notice-obligation_restored = 📏 Обязательство снова соблюдается, спустя { $seconds } ({ $cause })
notice-reference_stale = 📡 <b>Цене на { $venue } нельзя верить</b>: { $cause }, уже { $seconds } с. Ближние котировки сняты, новых не ставлю.
notice-price_sources_apart = ↔️ <b>Рынки расходятся на { $percent } %</b> (не больше { $limit_percent } %): { $target_mid } здесь, { $reference_mid } там. Ближние котировки сняты.
notice-quotes_withdrawn = 🙈 <b>Котировки сняты</b>: { $cause }
notice-quotes_restored = 👀 Снова котирую, спустя { $seconds } ({ $cause })
notice-side_reduced = ⚖️ { $side ->
    [buy] Бидов
   *[other] Асков
  } меньше, чем нужно: { $cause }
invalid-order_bounds = Наименьший ордер ({ $least }) не может быть больше наибольшего ({ $most }).
invalid-tolerance = Допуск по цене ({ $tolerance } %) должен быть не больше четверти и наибольшего спреда, и окна глубины: { $most } %.
invalid-depth_unreachable = { $orders ->
    [one] { $orders } ордер размером до { $largest } не даст
    [few] { $orders } ордера размером до { $largest } не дадут
   *[other] { $orders } ордеров размером до { $largest } не дадут
  } наименьшей глубины { $depth }. Увеличьте «Наибольший ордер» или «Ордеров на сторону».
invalid-venue_name = Опорная биржа — название латиницей, например kucoin.
invalid-pair_name = Опорная пара — в виде ABC/USDT.
finding-reference_is_target = Опорный рынок — этот же самый ({ $symbol } на { $venue }): цену нельзя сверять с ней самой. Укажите другую биржу или пару.
