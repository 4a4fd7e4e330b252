"""The permit to press: its page, its rules, the actuator's and the watchdog's loops; standard library only."""
