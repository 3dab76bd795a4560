// When the connection closes because the sign-in has ended, go and sign in again instead of retrying for ever.
(function () {
  "use strict";
  if (!Object.hasOwn) {
    Object.hasOwn = function (object, key) { return Object.prototype.hasOwnProperty.call(object, key); };
  }
  var asking = false;
  var open = 0;

  function ask() {
    if (asking) return;
    asking = true;
    fetch("/api/me", { cache: "no-store", credentials: "same-origin" }).then(heard, later);
  }

  function heard(answer) {
    asking = false;
    if (answer.status === 401) {
      var here = window.location.pathname + window.location.search;
      window.location.replace("/sign-in?ended=1&next=" + encodeURIComponent(here));
    }
    if (answer.status === 429 && !open) answer.text().then(say);
  }

  // As many pages are open as may be: Streamlit keeps trying, and this one goes on when another is closed.
  function say(sentence) {
    var box = document.getElementById("mulin-said") || document.createElement("p");
    box.id = "mulin-said";
    box.setAttribute("role", "alert");
    box.style.cssText = "position:fixed;z-index:999999;top:4rem;left:50%;transform:translateX(-50%);margin:0;" +
      "padding:1rem 1.25rem;max-width:32rem;width:max-content;background:#fff;color:#22262B;border:2px solid #A61E22";
    box.textContent = sentence;
    document.body.appendChild(box);
    return box;
  }

  // Of an upload that was refused Streamlit shows a red mark; the sentence is in the answer.
  var begin = XMLHttpRequest.prototype.open;
  XMLHttpRequest.prototype.open = function (method, url) {
    if (String(url).indexOf("/_stcore/upload_file/") >= 0) this.addEventListener("load", uploaded);
    return begin.apply(this, arguments);
  };

  function uploaded() {
    if ([411, 413, 429].indexOf(this.status) < 0 || (this.responseType && this.responseType !== "text")) return;
    var box = say(this.responseText);
    window.setTimeout(function () { box.remove(); }, 15000);
  }

  function opened() {
    open += 1;
    var box = document.getElementById("mulin-said");
    if (box) box.remove();
  }

  // The server is away: Streamlit says so and keeps trying, but it would take the coming 401 for more of the same.
  function later() {
    asking = false;
    window.setTimeout(ask, 2000);
  }

  var Native = window.WebSocket;
  window.WebSocket = class extends Native {
    constructor(url, protocols) {
      super(url, protocols);
      var held = false;
      this.addEventListener("open", function () { held = true; opened(); });
      this.addEventListener("close", function () { if (held) open -= 1; held = false; ask(); });
    }
  };

  // A link to a page of ours is gone to inside the open session, the way Back is; where there is none, the browser goes.
  document.addEventListener("click", function (event) {
    var link = event.target.closest && event.target.closest("a[data-go]");
    if (!link || !open || event.defaultPrevented || event.button) return;
    if (event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    window.history[link.getAttribute("data-go") === "here" ? "replaceState" : "pushState"]({}, "", link.href);
    window.dispatchEvent(new PopStateEvent("popstate"));
  });
  window.addEventListener("pageshow", function (event) { if (event.persisted) ask(); });
  document.addEventListener("visibilitychange", function () { if (!document.hidden) ask(); });
})();
