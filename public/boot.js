// Runs before the page is drawn. It applies the language and the theme that were chosen before, so that nothing
// flashes, and shows the notice in index.html when the program cannot start or has stopped.
(function () {
  "use strict";
  var root = document.documentElement;
  var prefix = "upgrade-console:" + new URL(document.baseURI).pathname.replace(/\/+$/, "") + ":";
  try {
    var theme = localStorage.getItem(prefix + "theme");
    if (theme === "light" || theme === "dark") root.setAttribute("data-theme", theme);
    var language = localStorage.getItem(prefix + "language") || navigator.language || "en";
    root.setAttribute("lang", /^zh/i.test(language) ? "zh-CN" : "en");
  } catch (ignored) {
    // Storage is switched off: the system's theme and English stand.
  }

  var started = false;
  var broken = false;
  function show() {
    broken = true;
    var notice = document.getElementById("broken");
    if (notice) notice.hidden = false;
  }
  function fatal(error) {
    var program = window.WebAssembly;
    return !started || !program || error instanceof program.RuntimeError;
  }
  // A module that does not load, WebAssembly that the browser refuses, a panic: all of them end here.
  addEventListener("TrunkApplicationStarted", function () { started = true; });
  addEventListener("error", function (event) {
    var script = event.target && event.target.tagName === "SCRIPT";
    if (script || (event.error && fatal(event.error))) show();
  }, true);
  addEventListener("unhandledrejection", function (event) {
    if (fatal(event.reason)) show();
  });
  addEventListener("DOMContentLoaded", function () {
    if (broken) show();
    var reload = document.getElementById("broken-reload");
    if (reload) reload.addEventListener("click", function () { location.reload(); });
  });
})();
