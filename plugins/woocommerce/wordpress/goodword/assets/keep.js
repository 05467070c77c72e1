// Tells the shop of a friend who arrived, keeps a coupon that a link chose, and asks the consent banner.
// goodword.js does the rest.  Whatever fails here, the page goes on.
(() => {
  "use strict";
  const { rest } = document.currentScript.dataset;
  const COUPON = "goodword_coupon";
  let last = "";
  // Across pages only of a friend who agreed: of any other nothing is kept.
  const agreed = () => window.goodword && document.cookie.includes(`goodword_${window.goodword.shop}=`);
  const told = (code) => {
    if (code === last) return true;
    last = code;
    try {
      if (!agreed()) return false;
      if (sessionStorage.getItem("goodword") === code) return true;
      sessionStorage.setItem("goodword", code);
    } catch (error) {
      // Told once a page, then.
    }
    return false;
  };
  const tell = (code) => {
    if (!rest || !code || told(code)) return;
    const headers = { "Content-Type": "application/json" };
    fetch(rest + "/arrived", { method: "POST", headers, body: JSON.stringify({ code }), keepalive: true }).catch(() => {});
  };
  document.addEventListener("goodword", (event) => tell(event.detail.code));

  // It is kept: the address that a shopper copies, keeps or loads again names it no more.
  const tidy = () => {
    if (!document.cookie.includes(`${COUPON}=`)) return;
    const left = location.search.slice(1).split("&").filter((pair) => pair.split("=")[0] !== COUPON);
    const query = left.length ? "?" + left.join("&") : "";
    try {
      history.replaceState(history.state, "", location.pathname + query + location.hash);
    } catch (error) {
      // It stays as it is, then.
    }
  };
  const chosen = new URLSearchParams(location.search).get(COUPON);
  if (chosen && /^[\p{L}\p{N}_.-]{1,64}$/u.test(chosen)) {
    // A coupon that the shopper followed a link to use: for this visit, as if they had typed it.
    const safe = location.protocol === "https:" ? ";secure" : "";
    document.cookie = `${COUPON}=${encodeURIComponent(chosen)};path=/;samesite=lax${safe}`;
    tidy();
  }

  // The WP Consent API, where a banner speaks it.
  const agree = () => {
    if (window.goodword && typeof window.wp_has_consent === "function") {
      window.goodword.consent(window.wp_has_consent("marketing"));
    }
  };
  const begin = () => {
    if (!window.goodword) return;
    tell(window.goodword.code());
    agree();
  };
  document.addEventListener("wp_listen_for_consent_change", (event) => {
    const changed = event.detail && event.detail.marketing;
    if (changed && window.goodword) window.goodword.consent(changed === "allow");
  });
  document.addEventListener("wp_consent_type_defined", agree);
  if (document.readyState === "complete") begin();
  else window.addEventListener("load", begin);
})();
