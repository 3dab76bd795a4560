// Plain ES5: this one must run where the desk itself can't.
(function () {
  if (!window.mulinModern) { document.getElementById("old-browser").hidden = false; }
  var forms = document.querySelectorAll("form[data-once]");
  for (var i = 0; i < forms.length; i++) {
    forms[i].addEventListener("submit", function (event) {
      if (event.target.getAttribute("data-sent")) { event.preventDefault(); }
      event.target.setAttribute("data-sent", "yes");
    });
  }
  window.addEventListener("pageshow", function () {
    for (var i = 0; i < forms.length; i++) { forms[i].removeAttribute("data-sent"); }
  });
})();
