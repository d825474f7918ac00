// Talking to the local server. The cookie that came with the page is the key.

const pause = (milliseconds) => new Promise((done) => setTimeout(done, milliseconds));

async function call(path, options) {
  const response = await fetch(`/client/${path}`, options);
  if (response.ok) return response.json();
  const said = await response.json().catch(() => ({}));
  throw Object.assign(new Error(said.error ?? response.statusText), { status: response.status });
}

const post = (path, said) =>
  call(path, { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(said) });

export const people = () => call("people");
export const send = (user, text) => post("send", { user, text });
export const press = (user, message, data) => post("press", { user, message, data });
export const setLanguage = (user, language) => post("language", { user, language });
export const fileAddress = (id) => `/client/file/${encodeURIComponent(id)}`;

export const forward = (user, messages) => post("forward", { user, messages });

const kindOf = (file) =>
  /^image\/(png|jpeg|webp|gif)$/.test(file.type) ? "photo" : file.type === "video/mp4" ? "video" : "document";

const inTens = (files) => Array.from({ length: Math.ceil(files.length / 10) }, (_, ten) => files.slice(10 * ten, 10 * ten + 10));

// Several files make albums, as in Telegram: pictures and videos together, documents among themselves.
export async function upload(user, files, caption) {
  const seen = files.filter((file) => kindOf(file) !== "document");
  const others = files.filter((file) => kindOf(file) === "document");
  let said = caption;
  for (const album of [...inTens(seen), ...inTens(others)]) {
    const form = new FormData();
    form.append("user", user);
    form.append("caption", said);
    album.forEach((file, place) => form.append(`${kindOf(file)}${place || ""}`, file, file.name));
    await call("upload", { method: "POST", body: form });
    said = "";
  }
}

// Follows one person's chat for ever: `told` gets each new state, `connection` hears "here", "lost" or "refused".
export async function follow(user, told, connection) {
  let seq = 0;
  let patience = 300;
  let lost = true;
  for (;;) {
    try {
      if (lost) await people(); // a state may take long to come; this tells at once that somebody is there again
      lost = false;
      connection("here");
      const state = await call(`state?user=${user}&since=${seq}`, { signal: AbortSignal.timeout(40000) });
      told(state, seq === 0 || state.seq < seq);
      seq = state.seq;
      patience = 300;
    } catch (error) {
      lost = true;
      connection(error.status === 403 ? "refused" : "lost");
      await pause(patience);
      patience = Math.min(patience * 1.6, 3000);
    }
  }
}
