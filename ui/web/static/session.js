// When the connection closes because the sign-in has ended, go and sign in again instead of retrying for ever.
(function () {
  "use strict";
  if (!Object.hasOwn) {
    Object.hasOwn = function (object, key) { return Object.prototype.hasOwnProperty.call(object, key); };
  }
  var asking = false;

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
      this.addEventListener("close", ask);
    }
  };
  window.addEventListener("pageshow", function (event) { if (event.persisted) ask(); });
  document.addEventListener("visibilitychange", function () { if (!document.hidden) ask(); });
})();
