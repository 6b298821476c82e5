import { leadToCopy } from './python-checkout.ts';
import { seedVariable, shuffledWords } from './shuffle.ts';

/**
 * The Python program that runs tests and tells each one in a marked JSON line. It is given with -c and
 * with -I, so that no file of the project stands in for a module of the runner: the project's folder
 * comes onto the path when the runner is loaded. Its settings, the mark among them, are in a file that is
 * deleted before any code of the project runs.
 */
export const pythonProgram = `${leadToCopy}
import json, os, sys

with open(sys.argv[1], encoding="utf-8") as file:
    settings = json.load(file)
os.remove(sys.argv[1])
sys.argv[1:] = []
mode, mark, files = settings["mode"], settings["mark"], settings["files"]
seed = os.environ.pop("${seedVariable}", None)
root = os.getcwd()
base = os.path.normpath(os.path.join(root, settings["folder"]))
os.chdir(base)
out = os.fdopen(os.dup(1), "w", encoding="utf-8", errors="backslashreplace")

def say(**event):
    out.write("\\n" + mark + json.dumps(event) + "\\n")
    out.flush()

def relative(path, start=base):
    return os.path.relpath(os.path.join(start, path), root).replace(os.sep, "/")

def with_project():
    if lead_to_copy(settings["checkouts"], root):
        os.environ["PYTHONPATH"] = os.path.join(root, settings["python"])
    sys.path.insert(0, base)
    source = os.path.join(base, "src")
    if os.path.isdir(source) and not os.path.exists(os.path.join(source, "__init__.py")):
        sys.path.insert(1, source)
    for path in reversed(settings["paths"]):
        sys.path.insert(1, os.path.normpath(os.path.join(base, path)))

def by_pytest():
    try:
        import pytest
    except ImportError as error:
        say(event="broken", text="pytest is not installed: " + str(error))
        return 3

    class Reporter:
        start = base

        # Plugins that shuffle, where they are loaded and nothing says how they are to.
        @pytest.hookimpl(tryfirst=True)
        def pytest_configure(self, config):
            option = config.option
            if seed is None:
                return
            if getattr(option, "randomly_seed", None) == "default" and option.randomly_reorganize:
                option.randomly_seed = int(seed)
            elif all(
                str(getattr(option, name, "")).startswith("default:")
                for name in ("random_order_seed", "random_order_bucket")
            ):
                option.random_order_seed = seed
            else:
                return
            out.write("\\n${shuffledWords}" + seed + "\\n")
            out.flush()

        @pytest.hookimpl(trylast=True)
        def pytest_collection_modifyitems(self, items):
            if settings.get("reversed"):
                items.reverse()

        def pytest_sessionstart(self, session):
            self.start = str(session.config.rootpath)

        def place(self, report):
            file, line, _ = report.location
            file = relative(file, self.start)
            crash = getattr(getattr(report.longrepr, "reprcrash", None), "lineno", None)
            path = getattr(getattr(report.longrepr, "reprcrash", None), "path", None)
            if crash is not None and path is not None and relative(path) == file:
                line = crash - 1
            return file, None if line is None else line + 1

        def pytest_runtest_logreport(self, report):
            # A subtest that passes is no test of its own: its test passes too.
            part = hasattr(report, "context")
            if (part or report.when != "call") and report.outcome == "passed":
                return
            file, line = self.place(report)
            outcome = "skipped" if hasattr(report, "wasxfail") else report.outcome
            name = report.nodeid.split("::", 1)[-1]
            if part:
                name += " " + str(report.context)
            elif report.when == "teardown":
                name += " (teardown)"
            text = ""
            if outcome == "failed":
                crash = getattr(getattr(report.longrepr, "reprcrash", None), "message", None)
                text = report.longreprtext if crash is None else crash.split("\\n")[0] + "\\n" + report.longreprtext
            say(event="test", outcome=outcome, name=name, file=file, line=line, text=text)

        def pytest_collectreport(self, report):
            file = report.nodeid.split("::", 1)[0]
            file = relative(file, self.start) if file else None
            if report.skipped:
                say(event="test", outcome="skipped", name="all of the file", file=file, line=None, text="")
            if report.failed:
                say(event="broken-file", name="loading the file", file=file, line=None, text=report.longreprtext)

    import importlib.util, tempfile

    arguments = ["-q", "--color=no", "--tb=short", "--maxfail=0", "--continue-on-collection-errors"]
    arguments += ["-o", "cache_dir=" + os.path.join(tempfile.gettempdir(), "pytest-cache")]
    # How much of the code is covered is no word on the tests.
    if importlib.util.find_spec("pytest_cov"):
        arguments.append("--no-cov")
    with_project()
    arguments += settings["arguments"]
    code = int(pytest.main(arguments, plugins=[Reporter()]))
    if code in (3, 4):
        say(event="broken-file", name="starting pytest", file=None, line=None, text="")
    say(event="end")
    return code

def by_unittest():
    import importlib, traceback, unittest

    origins = {}

    def origin(kind):
        place = getattr(sys.modules.get(kind.__module__), "__file__", None)
        return relative(place) if place else None

    def cases(tests):
        for test in tests:
            yield from cases(test) if isinstance(test, unittest.BaseTestSuite) else [test]

    class Result(unittest.TextTestResult):
        def tell(self, test, outcome, error=None):
            holder = getattr(test, "test_case", test)
            file, line = origins.get(type(holder)) or origin(type(holder)), None
            text = ""
            if error is not None:
                own = [frame for frame in traceback.extract_tb(error[2]) if frame.filename.startswith(base)]
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
        if folder and os.path.join(base, folder) not in sys.path:
            sys.path.insert(1, os.path.join(base, folder))
        module = ".".join([*package, os.path.splitext(name)[0]])
        # Files in several folders may have one name.
        loaded = getattr(sys.modules.get(module), "__file__", None)
        if loaded is not None and relative(loaded) != relative(path):
            del sys.modules[module]
            sys.path.insert(0, os.path.join(base, folder))
        try:
            found = unittest.defaultTestLoader.loadTestsFromModule(importlib.import_module(module))
            for kind in {type(test) for test in cases(found)}:
                origins[kind] = origin(kind)
            suite.addTest(found)
        except BaseException:
            say(event="broken-file", name="loading the file", file=relative(path), line=None, text=traceback.format_exc())
    if settings.get("reversed"):
        suite = unittest.TestSuite(reversed(list(cases(suite))))
    result = unittest.TextTestRunner(resultclass=Result, verbosity=1).run(suite)
    say(event="end")
    return 0 if result.wasSuccessful() else 1

code = by_pytest() if mode == "pytest" else by_unittest()
sys.stdout.flush()
sys.stderr.flush()
os._exit(code)
`;
