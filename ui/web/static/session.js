// When the connection closes because the sign-in has ended, go and sign in again instead of retrying for ever.
(function () {
  "use strict";
  if (!Object.hasOwn) {
    Object.hasOwn = function (object, key) { return Object.prototype.hasOwnProperty.call(object, key); };
  }
  var asking = false;
  var open = 0;
  var refused = 0;

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
    // The site answers, and knows who asks; only the websocket is refused, again and again.
    var unconnected = document.querySelector("meta[name=mulin-unconnected]");
    if (answer.status === 204 && !open && refused > 1 && unconnected) say(unconnected.content);
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
    refused = 0;
    var box = document.getElementById("mulin-said");
    if (box) box.remove();
  }

  // The server is away: Streamlit says so and keeps trying, but it would take the coming 401 for more of the same.
  function later() {
    asking = false;
    window.setTimeout(ask, 2000);
  }

  // Whoever answers a new websocket may never have drawn this page, and a click on what it has not drawn counts nothing.
  // So the page says first what it said last, with the address it has now; the server leaves out what was a click.
  var last = null;
  var RERUN = 11, QUERY = 1, NAME = 4;

  function field(number, bytes) {
    var head = [number << 3 | 2], left = bytes.length;
    for (; left > 127; left >>>= 7) head.push(left & 127 | 128);
    return head.concat(left, Array.from(bytes));
  }

  function again() {
    var text = new TextEncoder();
    var name = window.location.pathname.split("/").pop();
    var here = field(QUERY, text.encode(window.location.search.slice(1)))
      .concat(field(NAME, text.encode(decodeURIComponent(name))));
    // Of two messages one after the other the later counts, field by field.
    return Uint8Array.from(Array.from(last).concat(field(RERUN, here)));
  }

  function said(data) {
    var bytes = data instanceof ArrayBuffer ? new Uint8Array(data) : data;
    if (bytes instanceof Uint8Array && bytes[0] === (RERUN << 3 | 2)) last = bytes.slice();
  }

  var Native = window.WebSocket;
  window.WebSocket = class extends Native {
    constructor(url, protocols) {
      super(url, protocols);
      var held = false;
      this.addEventListener("open", function () {
        held = true;
        opened();
        if (last) Native.prototype.send.call(this, again());
      });
      this.addEventListener("close", function () {
        if (held) open -= 1; else refused += 1;
        held = false;
        ask();
      });
    }

    send(data) {
      said(data);
      super.send(data);
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

  // A window stands in the address while it is open. Streamlit writes each address as a place of its own, and Back would
  // open again what was just closed; so the address without the window takes the place of the one with it.
  var WINDOW = "step";
  var push = window.history.pushState;
  window.history.pushState = function (state, title, address) {
    var go = closes(address) ? window.history.replaceState : push;
    return go.apply(this, arguments);
  };

  function closes(address) {
    var here = new URL(window.location.href), there = new URL(String(address || ""), here);
    if (!here.searchParams.has(WINDOW) || there.searchParams.has(WINDOW)) return false;
    here.searchParams.delete(WINDOW);
    here.searchParams.sort();
    there.searchParams.sort();
    return here.pathname === there.pathname && String(here.searchParams) === String(there.searchParams);
  }

  window.addEventListener("pageshow", function (event) { if (event.persisted) ask(); });
  document.addEventListener("visibilitychange", function () { if (!document.hidden) ask(); });
})();
