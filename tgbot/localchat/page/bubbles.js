// One message as an element. The html comes from the server, made of escaped text and a short list of tags.

import { fileAddress } from "./wire.js";
import { locale, word } from "./words.js";

const make = (tag, className, ...inside) => {
  const element = document.createElement(tag);
  if (className) element.className = className;
  element.append(...inside);
  return element;
};

const icon = (path) => {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("aria-hidden", "true");
  const line = document.createElementNS(svg.namespaceURI, "path");
  line.setAttribute("d", path);
  svg.append(line);
  return svg;
};

const LINK = "M8 16 17 7M9 7h8v8";
const COPY = "M9 9h10v10H9zM5 15V5h10";
const FORWARD = "M13 6l7 6-7 6v-4C8 14 5 15.5 3 18c.5-5 4-8.5 10-9z";
const FILE = "M12 4v11m-5-5 5 5 5-5M5 20h14";

export const timeOf = (date) =>
  new Date(date * 1000).toLocaleTimeString(locale(), { hour: "2-digit", minute: "2-digit" });

const sizeOf = (bytes) => {
  const units = bytes < 1024 ? [bytes, "B"] : bytes < 1048576 ? [bytes / 1024, "KB"] : [bytes / 1048576, "MB"];
  return `${units[0].toLocaleString(locale(), { maximumFractionDigits: 1 })} ${units[1]}`;
};

export function newBubble(message) {
  const element = make("article", `message ${message.from_bot ? "theirs" : "mine"}`);
  element.dataset.id = message.id;
  element.append(make("div", "bubble"));
  patchBubble(element, message);
  return element;
}

// Changes only what differs, so that a button that is being pressed stays the same button.
export function patchBubble(element, message) {
  const { buttons, ...content } = message;
  const said = JSON.stringify([content, word("edited")]);
  if (element.dataset.said !== said) {
    element.dataset.said = said;
    element.querySelector(".bubble").replaceChildren(...parts(message));
    element.querySelector(".bubble").classList.toggle("picture-only", Boolean((message.photo || message.video) && !message.html));
    element.querySelector(".bubble").classList.toggle("with-picture", Boolean(message.photo || message.video));
  }
  const shown = JSON.stringify(buttons);
  if ((element.dataset.buttons ?? "[]") !== shown) {
    element.dataset.buttons = shown;
    patchButtons(element, buttons);
  }
  element.classList.toggle("with-buttons", buttons.length > 0);
}

function patchButtons(element, rows) {
  const old = element.querySelector(".buttons");
  const focused = old ? [...old.querySelectorAll("button, a")].indexOf(document.activeElement) : -1;
  old?.remove();
  if (!rows.length) return;
  element.append(make("div", "buttons", ...rows.map((row) => make("div", "row", ...row.map(newButton)))));
  if (focused >= 0) element.querySelectorAll(".buttons button, .buttons a")[focused]?.focus();
}

function newButton(button) {
  const element = make(button.url ? "a" : "button", "inline-button", make("span", "", button.text));
  if (["danger", "success", "primary"].includes(button.style)) element.classList.add(button.style);
  if (button.url) {
    Object.assign(element, { href: safeLink(button.url), target: "_blank", rel: "noopener noreferrer" });
    element.append(icon(LINK));
    return element;
  }
  element.type = "button";
  if (button.data !== null) element.dataset.data = button.data;
  if (button.copy) {
    element.dataset.copy = button.copy;
    element.append(icon(COPY));
  }
  return element;
}

const safeLink = (url) => (/^(https?|tg):\/\//i.test(url) ? url : "about:blank");

function* parts(message) {
  if (message.forwarded) yield make("div", "forwarded", `${word("forwarded")} `, make("b", "", message.forwarded));
  if (message.reply) yield quote(message.reply);
  if (message.photo) yield picture(message);
  if (message.video) yield film(message);
  if (message.document) yield documentCard(message.document);
  if (message.html) {
    const text = make("div", "text");
    text.innerHTML = message.html;
    for (const area of text.querySelectorAll("pre")) area.tabIndex = 0;
    for (const hidden of text.querySelectorAll(".spoiler")) Object.assign(hidden, { tabIndex: 0, role: "button" });
    text.append(meta(message));
    yield text;
  } else {
    yield meta(message);
  }
  if (message.reaction) yield make("div", "reaction", message.reaction);
  yield forwardButton();
}

function meta(message) {
  const said = message.edited ? `${word("edited")} ${timeOf(message.date)}` : timeOf(message.date);
  const element = make("time", "meta", said);
  element.dateTime = new Date(message.date * 1000).toISOString();
  element.title = new Date(message.date * 1000).toLocaleString(locale());
  return element;
}

function quote(reply) {
  const element = make("button", "quote", make("b", "", reply.name), make("span", "", reply.text));
  element.type = "button";
  element.dataset.goto = reply.id;
  return element;
}

function picture(message) {
  const image = make("img");
  image.src = fileAddress(message.photo);
  image.alt = "";
  [image.width, image.height] = message.photo_size;
  const element = make("button", "photo", image);
  element.type = "button";
  element.dataset.photo = image.src;
  element.setAttribute("aria-label", "🔍");
  return element;
}

function film(message) {
  const element = make("video", "film");
  Object.assign(element, { src: fileAddress(message.video), controls: true, preload: "metadata", playsInline: true });
  if (message.video_size[0]) [element.width, element.height] = message.video_size;
  return element;
}

function forwardButton() {
  const element = make("button", "forward", icon(FORWARD));
  Object.assign(element, { type: "button", ariaLabel: word("forward"), title: word("forward") });
  return element;
}

function documentCard(document_) {
  const name = make("b", "", document_.name);
  const element = make("a", "document", make("span", "file-face", icon(FILE)), make("span", "file-words", name, make("small", "", sizeOf(document_.size))));
  element.href = fileAddress(document_.id);
  element.download = document_.name;
  return element;
}
