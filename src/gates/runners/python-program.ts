/**
 * The Python program that runs tests and tells each one in a marked JSON line. It is given with -c and
 * with -I, so that no file of the project stands in for a module of the runner: the project's folder
 * comes onto the path when the runner is loaded. Its settings, the mark among them, are in a file that is
 * deleted before any code of the project runs.
 */
export const pythonProgram = `
import json, os, sys

with open(sys.argv[1], encoding="utf-8") as file:
    settings = json.load(file)
os.remove(sys.argv[1])
sys.argv[1:] = []
mode, mark, files = settings["mode"], settings["mark"], settings["files"]
root = os.getcwd()
out = os.fdopen(os.dup(1), "w", encoding="utf-8", errors="backslashreplace")

def say(**event):
    out.write("\\n" + mark + json.dumps(event) + "\\n")
    out.flush()

def relative(path):
    path = os.path.join(root, path)
    return os.path.relpath(path, root).replace(os.sep, "/")

def with_project():
    sys.path.insert(0, root)
    source = os.path.join(root, "src")
    if os.path.isdir(source) and not os.path.exists(os.path.join(source, "__init__.py")):
        sys.path.insert(1, source)

def by_pytest():
    try:
        import pytest
    except ImportError as error:
        say(event="broken", text="pytest is not installed: " + str(error))
        return 3

    class Reporter:
        def place(self, report):
            file, line, _ = report.location
            crash = getattr(getattr(report.longrepr, "reprcrash", None), "lineno", None)
            path = getattr(getattr(report.longrepr, "reprcrash", None), "path", None)
            if crash is not None and path is not None and relative(path) == relative(file):
                line = crash - 1
            return relative(file), None if line is None else line + 1

        def pytest_runtest_logreport(self, report):
            if report.when != "call" and report.outcome == "passed":
                return
            file, line = self.place(report)
            outcome = "skipped" if hasattr(report, "wasxfail") else report.outcome
            text = ""
            if outcome == "failed":
                crash = getattr(getattr(report.longrepr, "reprcrash", None), "message", None)
                text = report.longreprtext if crash is None else crash.split("\\n")[0] + "\\n" + report.longreprtext
            say(event="test", outcome=outcome, name=report.nodeid.split("::", 1)[-1], file=file, line=line, text=text)

        def pytest_collectreport(self, report):
            file = report.nodeid.split("::", 1)[0] or None
            if report.skipped:
                say(event="test", outcome="skipped", name="all of the file", file=file, line=None, text="")
            if report.failed:
                say(event="broken-file", name="loading the file", file=file, line=None, text=report.longreprtext)

    with_project()
    arguments = ["-p", "no:cacheprovider", "-q", "--color=no", "--tb=short", *files]
    code = int(pytest.main(arguments, plugins=[Reporter()]))
    if code in (3, 4):
        say(event="broken-file", name="starting pytest", file=None, line=None, text="")
    say(event="end")
    return code

def by_unittest():
    import importlib, traceback, unittest

    class Result(unittest.TextTestResult):
        def tell(self, test, outcome, error=None):
            holder = getattr(test, "test_case", test)
            file, line = None, None
            module = sys.modules.get(type(holder).__module__)
            if getattr(module, "__file__", None):
                file = relative(module.__file__)
            text = ""
            if error is not None:
                own = [frame for frame in traceback.extract_tb(error[2]) if frame.filename.startswith(root)]
                text = "".join(traceback.format_exception_only(*error[:2])) + "".join(traceback.format_list(own))
                for frame in own:
                    if file is not None and relative(frame.filename) == file:
                        line = frame.lineno
            say(event="test", outcome=outcome, name=test.id(), file=file, line=line, text=text)

        def addUnexpectedSuccess(self, test):
            super().addUnexpectedSuccess(test)
            say(event="test", outcome="failed", name=test.id(), file=None, line=None, text="It was expected to fail, and passed.")

        def addSubTest(self, test, subtest, err):
            super().addSubTest(test, subtest, err)
            if err is not None:
                self.tell(subtest, "failed", err)

    def report_as(outcome, name):
        inherited = getattr(unittest.TextTestResult, name)
        def record(self, test, *rest):
            inherited(self, test, *rest)
            self.tell(test, outcome, rest[0] if outcome == "failed" else None)
        setattr(Result, name, record)

    for name in ("addFailure", "addError"):
        report_as("failed", name)
    for name in ("addSkip", "addExpectedFailure"):
        report_as("skipped", name)
    report_as("passed", "addSuccess")
    with_project()
    suite = unittest.TestSuite()
    for path in files:
        folder, name = os.path.split(path)
        package = []
        while folder and os.path.exists(os.path.join(folder, "__init__.py")):
            folder, part = os.path.split(folder)
            package.insert(0, part)
        if folder and os.path.join(root, folder) not in sys.path:
            sys.path.insert(1, os.path.join(root, folder))
        module = ".".join([*package, os.path.splitext(name)[0]])
        try:
            suite.addTests(unittest.defaultTestLoader.loadTestsFromModule(importlib.import_module(module)))
        except BaseException:
            say(event="broken-file", name="loading the file", file=path, line=None, text=traceback.format_exc())
    result = unittest.TextTestRunner(resultclass=Result, verbosity=1).run(suite)
    say(event="end")
    return 0 if result.wasSuccessful() else 1

code = by_pytest() if mode == "pytest" else by_unittest()
sys.stdout.flush()
sys.stderr.flush()
os._exit(code)
`;
