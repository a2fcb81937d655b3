/* What must be known before the first paint: that scripts run, and the theme chosen in this browser. Pages carry this
   themselves (decision 0064). */
document.documentElement.dataset.scripts = "";
try { const theme = localStorage.getItem("theme"); if (theme) document.documentElement.dataset.theme = theme; } catch { /* storage may be closed to us */ }
