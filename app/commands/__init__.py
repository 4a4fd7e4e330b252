"""The subcommands of `pitboss`, one module each: arguments in, exit code out."""
