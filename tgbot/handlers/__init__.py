"""One router a theme. Handlers only act; cards render, middlewares guard."""
