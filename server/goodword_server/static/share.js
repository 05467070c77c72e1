// Sharing, where a script may run: edited words go into the links as they are typed, a message is
// copied, the phone's own sheet opens, and inside LINE its picker of friends.  Without it all
// buttons are plain links, and the form brings edited words back.
(function () {
  "use strict";

  function written(section) {
    return section.querySelector("textarea").value.trim();
  }

  function withLink(section, link) {
    return [written(section), link].filter(Boolean).join("\n");
  }

  function fill(section) {
    section.querySelectorAll("[data-pattern]").forEach(function (one) {
      var text = withLink(section, one.dataset.link);
      var words = written(section);
      if (one.dataset.channel === "email") {
        text = text.replace(/\n/g, "\r\n");
      }
      one.href = one.dataset.pattern
        .replace("{text}", function () { return encodeURIComponent(text); })
        .replace("{words}", function () { return encodeURIComponent(words); });
    });
  }

  function tell(section, told) {
    section.querySelector("[data-told]").textContent = told;
  }

  function copy(section, button) {
    var told = section.querySelector("[data-told]").dataset.copied;
    var text = withLink(section, button.dataset.link);
    if (!navigator.clipboard) {
      return;
    }
    navigator.clipboard.writeText(text).then(function () { tell(section, told); });
  }

  function openSheet(section, button) {
    navigator.share({ text: written(section), url: button.dataset.link }).catch(function () {
      // Closed again: nothing to say.
    });
  }

  function pick(button) {
    window.liff.shareTargetPicker([JSON.parse(button.dataset.flex)]).catch(function () {
      // The picker failed: the plain way is as good.
      window.location.href = button.href;
    });
  }

  function insideLine() {
    var buttons = document.querySelectorAll("[data-flex]");
    if (!buttons.length || !window.liff) {
      return;
    }
    var id = buttons[0].closest("[data-liff]").dataset.liff;
    window.liff.init({ liffId: id }).then(function () {
      if (!window.liff.isLoggedIn() || !window.liff.isApiAvailable("shareTargetPicker")) {
        return;
      }
      buttons.forEach(function (button) {
        button.addEventListener("click", function (event) {
          event.preventDefault();
          pick(button);
        });
      });
    }).catch(function () {
      // Not inside LINE, or not reached: the button stays a link.
    });
  }

  document.querySelectorAll(".passing").forEach(function (section) {
    section.querySelector("textarea").addEventListener("input", function () { fill(section); });
    section.querySelector("form").addEventListener("submit", function (event) {
      event.preventDefault();
    });
    section.querySelectorAll("[data-copy]").forEach(function (button) {
      button.hidden = !navigator.clipboard;
      button.addEventListener("click", function () { copy(section, button); });
    });
    section.querySelectorAll("[data-sheet]").forEach(function (button) {
      button.hidden = !navigator.share;
      button.addEventListener("click", function () { openSheet(section, button); });
    });
    fill(section);
  });
  insideLine();
})();
