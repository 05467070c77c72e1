// goodword.js keeps the code that a friend came by for the checkout, and shows offers and links.
// Written by hand, without dependencies.  What it does and how a shop uses it: docs/widget.md.
(() => {
  "use strict";
  const script = document.currentScript;
  if (!script || !script.src) return;
  // Tag managers drop attributes; what stands in the address stays.
  const option = (name, tag = script) =>
    tag.dataset[name] || new URL(tag.src).searchParams.get(name) || "";
  const shop = option("shop");
  const key = option("key");
  const server = option("server").replace(/\/+$/, "") || new URL(script.src).origin;
  // The first tag on the page leads, whichever script comes first.
  const firstTag = document.querySelector('script[src*="/goodword.js"]') || script;
  const leads = option("shop", firstTag) === shop;
  const { shops = {} } = Object(window.goodword);
  if (shops[shop]) return;
  if (!/^[\w-]{1,64}$/.test(shop) || !/^gw_pub_/.test(key)) {
    console.warn("goodword.js needs data-shop, and a publishable key (gw_pub_…) in data-key");
    return;
  }

  const COOKIE = "goodword_" + shop;
  const PATIENCE = 2000;
  const DAY = 86400;
  const now = () => Math.floor(Date.now() / 1000);
  const word = (value) => (/^[\w-]{1,32}$/.test(value || "") ? value : "");
  const text = (value) => (typeof value === "string" ? value : "");
  // Who asked their browser for privacy is not taken to have agreed; they may still say so.
  let agreed = option("consent") === "given" && !navigator.globalPrivacyControl;
  let arrived = false;
  let state = {};

  // What is kept, in one cookie of the shop's own: code.visit.until

  const read = () => {
    try {
      const found = ("; " + document.cookie).split(`; ${COOKIE}=`)[1] || "";
      const [code, visit, until] = found.split(";")[0].split(".");
      if (word(code)) return { code, visit: word(visit), until: +until || 0 };
    } catch (error) {
      // A page in a box of its own may not even look.
    }
    return {};
  };
  const write = (value, seconds) => {
    try {
      const safe = location.protocol === "https:" ? ";secure" : "";
      document.cookie = `${COOKIE}=${value};path=/;max-age=${seconds};samesite=lax${safe}`;
    } catch (error) {
      // It lasts as long as this page, then.
    }
  };
  const keep = () => {
    const { code, visit, until } = state;
    // A day, until the server has said how long the program's window is.
    const seconds = code ? (until ? until - now() : DAY) : 0;
    if (agreed) write(code ? [code, visit, until].join(".") : "", seconds);
  };
  const become = (next) => {
    state = next;
    keep();
    document.querySelectorAll("form[data-goodword]").forEach(fill);
    const detail = { shop, code: api.code(), visit: api.visit() };
    document.dispatchEvent(new CustomEvent("goodword", { detail }));
  };

  // What the server says.  However it fares, the shop's page goes on.

  const ask = async (path, more) => {
    let timer;
    try {
      const giveUp = new AbortController();
      timer = setTimeout(() => giveUp.abort(), PATIENCE);
      const settings = { credentials: "omit", signal: giveUp.signal, ...more };
      const answer = await fetch(server + path, settings);
      return Object(await answer.json());
    } catch (error) {
      return {};
    } finally {
      clearTimeout(timer);
    }
  };
  const asked = {};
  const sheet = (code, language) => {
    const path = `/${shop}/widget.json?` + new URLSearchParams({ key, code, language });
    return (asked[path] = asked[path] || ask(path));
  };
  const record = (code, via) =>
    ask("/v1/visits", {
      method: "POST",
      keepalive: true,
      headers: { Authorization: "Bearer " + key, "Content-Type": "application/json" },
      body: JSON.stringify({ code, via: via || null, landing: location.pathname.slice(0, 999) }),
    });

  const arrive = async () => {
    const query = new URLSearchParams(location.search);
    const [code, visit, via] = ["ref", "gw", "via"].map((name) => word(query.get(name)));
    const before = read();
    arrived = code && (code !== before.code || (visit && visit !== before.visit));
    become(arrived ? { code, visit, until: 0 } : before);
    if (!state.code || state.until) return;
    const mine = state;
    const recording = arrived && !visit ? record(code, via) : {};
    const told = await sheet(mine.code, document.documentElement.lang);
    const { id } = await recording;
    if (state !== mine) return;
    if (told.reason === "unknown_code") return become(arrived ? before : {});
    const until = told.days > 0 ? now() + told.days * DAY : 0;
    become({ ...mine, visit: mine.visit || word(id), until });
  };

  // What is shown: built node by node in a shadow, so that page and box do not disturb each other.

  const make = (tag, attributes, ...inside) => {
    const made = document.createElement(tag);
    Object.keys(attributes).forEach((name) => made.setAttribute(name, attributes[name]));
    made.append(...inside);
    return made;
  };
  const button = (part, label, act) => {
    const made = make("button", { type: "button", part }, label);
    made.addEventListener("click", act);
    return made;
  };
  const line = (part, words) => make("p", { part }, words);
  const isMine = ({ dataset }) => (dataset.shop ? dataset.shop === shop : leads);

  const BOXES = {
    offer: (told, say, element) => {
      if (told.state !== "live") return null;
      const gift = `${server}/${shop}/c/${told.code}`;
      const close = button("close", "×", () => element.shadowRoot.replaceChildren());
      close.setAttribute("aria-label", say("close"));
      return [
        line("text", say("offer.text")),
        line("code", say("offer.code")),
        make("a", { part: "button", href: gift }, say("offer.button")),
        line("terms", say("terms")),
        close,
      ];
    },
    share: (told, say, element) => {
      if (!told.code) {
        const { join } = element.dataset;
        const way = make("a", { part: "button", href: join }, say("share.button"));
        return [line("text", say("share.text")), way];
      }
      // What is over is not passed on; what has not begun may be.
      if (!/^(live|not_yet)$/.test(told.state)) return null;
      const link = `${server}/${shop}/r/${told.code}`;
      const message = (via) => `${say("share.message")}\n${link}?via=${via}`;
      const field = make("input", { readonly: "", dir: "ltr", value: link, part: "link" });
      const status = make("p", { role: "status", part: "status" });
      const copy = async () => {
        status.textContent = "";
        try {
          await navigator.clipboard.writeText(link);
        } catch (error) {
          field.select();
          if (!document.execCommand("copy")) return;
        }
        status.textContent = say("share.copied");
      };
      const toLine = "https://line.me/R/share?text=" + encodeURIComponent(message("line"));
      const byPhone = () => navigator.share({ text: message("share") }).catch(() => {});
      const ways = make(
        "div",
        { part: "ways" },
        make("a", { part: "button", href: toLine, target: "_blank", rel: "noopener" }, "LINE"),
        button("button", say("share.copy"), copy),
      );
      if (navigator.share) ways.append(button("button", say("share.more"), byPhone));
      const labelled = make("label", {}, say("share.link"), field);
      return [line("text", say("share.text")), labelled, ways, status];
    },
  };
  const draw = async (element) => {
    const kind = element.dataset.goodword;
    if (!BOXES[kind] || !isMine(element)) return;
    const { code: own, join } = element.dataset;
    const code = own || (kind === "offer" && state.code) || "";
    // Without a code of theirs, whoever may take part is led to where the shop gives them one.
    const joins = !own && kind === "share" && /^(https:\/)?\/./.test(join);
    const language = (element.closest("[lang]") || document.documentElement).lang;
    const drawn = [kind, code, language, join].join();
    if (element.goodword === drawn) return;
    element.goodword = drawn;
    const told = word(code) || joins ? await sheet(code, language) : {};
    if (element.goodword !== drawn) return;
    const say = (moment) => text(Object(told.words)[moment]);
    const title = say(kind + ".title");
    const inside = title && (joins || word(told.code)) && BOXES[kind](told, say, element);
    // Without anything to show, what the shop put there itself stays.
    if (!inside && !element.shadowRoot) return;
    const box = element.shadowRoot || element.attachShadow({ mode: "open" });
    box.replaceChildren();
    if (!inside) return;
    // Its sentences may run the other way than the page around it.
    const spoken = { lang: text(told.language), dir: text(told.direction) };
    const named = { role: "group", "aria-label": title, part: "box", ...spoken };
    const around = make("div", named, line("title", title), ...inside);
    around.style.setProperty("--colour", text(told.colour));
    box.append(around);
    dress(box);
  };
  const fill = (form) => {
    if (!isMine(form)) return;
    // "link": nobody typed this code.
    const told = { code: state.code, visit: state.visit, via: state.code && "link" };
    Object.keys(told).forEach((name) => {
      const field = "_goodword_" + name;
      let input = form.querySelector(`input[name="${field}"]`);
      if (!input) form.append((input = make("input", { type: "hidden", name: field })));
      input.value = told[name] || "";
      input.disabled = !input.value;
    });
  };

  // Made by script, so that no policy on styles stands against it.
  const CSS = `
:host{display:block}
[part=box]{position:relative;border:1px solid;border-radius:.5em;padding:1em;line-height:1.5}
p{margin:0 0 .5em;overflow-wrap:anywhere}
[part=title]{font-size:1.15em;font-weight:bold;padding-inline-end:2em}
[part=code]{font-weight:bold}
[part=terms]{font-size:.875em;margin:.75em 0 0}
[part=status]{margin:0}
[part=ways]{display:flex;flex-wrap:wrap;gap:.5em;margin:.75em 0}
label{display:block}
input,[part=button],[part=close]{box-sizing:border-box;min-height:2.75em;font:inherit;
border-radius:.4em}
input{width:100%;padding:.5em;border:1px solid;margin-top:.25em}
[part=button]{display:inline-block;padding:.6em 1em;border:0;cursor:pointer;text-decoration:none;
background:var(--goodword-colour,var(--colour));color:var(--goodword-ink,#fff)}
[part=close]{position:absolute;inset-block-start:.25em;inset-inline-end:.25em;width:2.75em;border:0;
background:none;color:inherit;cursor:pointer}
:focus-visible{outline:.2em solid;outline-offset:.15em}`;
  let style;
  const dress = (box) => {
    if (!box.adoptedStyleSheets) return;
    if (!style) (style = new CSSStyleSheet()).replaceSync(CSS);
    box.adoptedStyleSheets = [style];
  };

  const fine = () => {};
  let settle;
  const api = {
    shop,
    shops,
    ready: new Promise((resolve) => (settle = resolve)),
    code: () => state.code || null,
    visit: () => state.visit || null,
    consent: (given) => {
      agreed = !!given;
      if (agreed) return keep();
      write("", 0);
      if (!arrived) become({});
    },
    show: () => {
      document.querySelectorAll("[data-goodword]").forEach((one) => draw(one).catch(fine));
    },
  };
  const begin = () => {
    // Forms may come later than the code.
    const filling = (event) => event.target.matches("form[data-goodword]") && fill(event.target);
    document.addEventListener("submit", filling, true);
    document.addEventListener("goodword", api.show);
    arrive().catch(fine).then(() => settle());
  };
  const whenRead = () => {
    if (document.readyState !== "loading") begin();
    else document.addEventListener("DOMContentLoaded", begin);
  };

  shops[shop] = api;
  if (leads || !Object(window.goodword).shops) window.goodword = api;
  // A page that is made ready ahead of a click is nobody's visit.
  if (document.prerendering) document.addEventListener("prerenderingchange", whenRead);
  else whenRead();
})();
