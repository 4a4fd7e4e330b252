@echo off
rem Sets Pitboss up when that is needed, then runs it on Windows: what ./run does elsewhere.
rem Written from the same set-up code and not yet tested on a Windows machine.
setlocal
set "setup=%~dp0packaging\setup\launch.py"
for %%v in (3.13 3.12 3.11) do (
    py -%%v -c "" >nul 2>&1 && (
        py -%%v -E "%setup%" %*
        exit /b
    )
)
python -c "import sys; sys.exit(sys.version_info < (3, 11))" >nul 2>&1 && (
    python -E "%setup%" %*
    exit /b
)
echo Pitboss needs Python 3.11 or newer, and found none. Install it from python.org and start again. 1>&2
exit /b 3
