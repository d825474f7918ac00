// The page's own few words. What the bot says comes from the bot.

const words = {
  en: {
    local: "local chat", speaking: "Speak as", admin: "admin", guest: "guest",
    nothing_leaves: "Local chat — nothing here leaves this machine",
    menu: "Menu", message: "Message", send: "Send", attach: "Attach a file", bot: "bot",
    typing: "typing", sends_photo: "sending a photo", sends_file: "sending a file",
    edited: "edited", pinned: "Pinned message", forwarded: "Forwarded from", forward: "Forward to the bot",
    start: "Start", hello: "What can this bot do?", hello_text: "Press Start, and the bot answers right here.",
    earlier: "Show earlier messages", today: "Today", yesterday: "Yesterday", to_bottom: "Go to the newest message",
    lost: "Connection lost — trying again…", new_key: "The bot was started with a new key. Open the address it has printed.",
    ok: "OK", copied: "Copied", theme: "Light or dark", switch_to: "Speak as", file: "file", no_commands: "The bot has no commands yet",
    blocked: "bot is blocked", failed: "Not sent",
  },
  ru: {
    local: "локальный чат", speaking: "Говорит", admin: "админ", guest: "гость",
    nothing_leaves: "Локальный чат — всё остаётся на этом компьютере",
    menu: "Меню", message: "Сообщение", send: "Отправить", attach: "Прикрепить файл", bot: "бот",
    typing: "печатает", sends_photo: "отправляет фото", sends_file: "отправляет файл",
    edited: "изменено", pinned: "Закреплённое сообщение", forwarded: "Переслано от", forward: "Переслать боту",
    start: "Начать", hello: "Что умеет этот бот?", hello_text: "Нажмите «Начать», и бот ответит прямо здесь.",
    earlier: "Показать более ранние", today: "Сегодня", yesterday: "Вчера", to_bottom: "К последнему сообщению",
    lost: "Нет связи — пробуем снова…", new_key: "Бот запущен с новым ключом. Откройте адрес, который он напечатал.",
    ok: "ОК", copied: "Скопировано", theme: "Светлая или тёмная", switch_to: "Говорить за", file: "файл", no_commands: "У бота пока нет команд",
    blocked: "бот заблокирован", failed: "Не отправлено",
  },
};

let language = "en";

export const word = (name) => words[language][name] ?? words.en[name];
export const locale = () => (language === "ru" ? "ru-RU" : "en-GB");

export function speak(chosen) {
  language = words[chosen] ? chosen : "en";
  document.documentElement.lang = language;
  for (const element of document.querySelectorAll("[data-word]")) element.textContent = word(element.dataset.word);
}
