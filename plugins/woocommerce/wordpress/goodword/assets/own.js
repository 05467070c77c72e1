// Fills the box in which a customer finds their link, its QR code, and what came of it.
// Where the shop's server or ours is silent, the box stays hidden.
(() => {
  "use strict";
  const make = (tag, attributes, ...inside) => {
    const made = document.createElement(tag);
    Object.keys(attributes).forEach((name) => made.setAttribute(name, attributes[name]));
    made.append(...inside);
    return made;
  };
  const ask = async (box, join) => {
    const giveUp = new AbortController();
    const timer = setTimeout(() => giveUp.abort(), 5000);
    try {
      const answer = await fetch(box.dataset.rest, {
        method: "POST",
        headers: { "Content-Type": "application/json" },
        body: JSON.stringify({ token: box.dataset.token, join }),
        credentials: "omit",
        signal: giveUp.signal,
      });
      // The page was open for longer than its word is good: it brings a new one.
      if (join && answer.status === 401) location.reload();
      return answer.ok ? Object(await answer.json()) : {};
    } catch (error) {
      return {};
    } finally {
      clearTimeout(timer);
    }
  };

  const SVG = "http://www.w3.org/2000/svg";
  const drawn = (link, label) => {
    const code = window.qrcode(0, "M");
    code.addData(link);
    code.make();
    const size = code.getModuleCount();
    let path = "";
    for (let row = 0; row < size; row++) {
      for (let column = 0; column < size; column++) {
        if (code.isDark(row, column)) path += `M${column + 4} ${row + 4}h1v1h-1z`;
      }
    }
    const image = document.createElementNS(SVG, "svg");
    const side = size + 8;
    const told = { viewBox: `0 0 ${side} ${side}`, role: "img", "aria-label": label, class: "goodword-qr" };
    Object.keys(told).forEach((name) => image.setAttribute(name, told[name]));
    const ground = document.createElementNS(SVG, "rect");
    ["width", "height"].forEach((name) => ground.setAttribute(name, side));
    ground.setAttribute("fill", "#fff");
    const dark = document.createElementNS(SVG, "path");
    dark.setAttribute("d", path);
    dark.setAttribute("fill", "#000");
    image.append(ground, dark);
    return image;
  };
  const rewards = (found, words) => {
    const title = make("h2", {}, words.rewards);
    if (!found.length) return [title, make("p", {}, words.none)];
    const ready = found.filter((one) => one.coupon).length;
    const coming = found.filter((one) => one.coming).length;
    const sum = words.sum.replace("{ready}", ready).replace("{coming}", coming);
    const list = make("ul", { class: "goodword-rewards" });
    found.forEach((one) => {
      const line = make("li", {}, make("strong", {}, one.worth), " ", make("span", {}, one.state));
      if (one.coupon) {
        const use = make("a", { href: one.use, class: "button wp-element-button" }, words.use);
        line.append(" ", make("code", {}, one.coupon), " ", use);
      }
      list.append(line);
    });
    return [title, make("p", {}, sum), list];
  };
  const show = (box, told, words) => {
    const inside = [make("div", { "data-goodword": "share", "data-code": told.code }, make("p", { dir: "ltr" }, told.link))];
    if (window.qrcode) inside.push(drawn(told.link + "?via=qr", words.qr));
    if (Array.isArray(told.rewards)) inside.push(...rewards(told.rewards, words));
    box.replaceChildren(...inside);
    box.hidden = false;
    if (window.goodword) window.goodword.show();
  };
  const offer = (box, words) => {
    const status = make("p", { role: "status" });
    const button = make("button", { type: "button", class: "button wp-element-button" }, words.join);
    button.addEventListener("click", async () => {
      button.disabled = true;
      const told = await ask(box, true);
      if (told.state === "member") {
        show(box, told, words);
        box.prepend(make("p", { role: "status", tabindex: "-1" }, words.ready));
        box.firstChild.focus();
      } else {
        button.disabled = false;
        status.textContent = words.silent;
      }
    });
    box.replaceChildren(make("p", {}, words.why), button, make("p", { class: "goodword-small" }, words.sent), status);
    box.hidden = false;
  };
  document.querySelectorAll(".goodword-own").forEach(async (box) => {
    const words = JSON.parse(box.dataset.words);
    const told = await ask(box, false);
    if (told.state === "member") show(box, told, words);
    else if (told.state === "new") offer(box, words);
  });
})();
