/* The theme chosen in this browser, before the first paint. Pages carry this line themselves (decision 0064). */
try { const theme = localStorage.getItem("theme"); if (theme) document.documentElement.setAttribute("data-theme", theme); } catch { /* storage may be closed to us */ }
