/* Needed before the first paint: whether scripts run, and the theme chosen in this browser. Inlined in the pages
   (decision 0064). */
document.documentElement.dataset.scripts = "";
try { const theme = localStorage.getItem("theme"); if (theme) document.documentElement.dataset.theme = theme; } catch { /* storage may be closed to us */ }
