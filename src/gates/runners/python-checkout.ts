import type { RunnerInput } from './runner.ts';

/**
 * A Python function that leads all that an editable install says of the checkout to the copy: lines of
 * `.pth` files, what finders hold (`__editable__…`, of setuptools and others), linked packages.
 * It returns whether there was something to lead.
 */
export const leadToCopy = `
def lead_to_copy(checkouts, root):
    import importlib.machinery, os, site, sys

    def mapped(path):
        for checkout in checkouts:
            if path == checkout or path.startswith(checkout + os.sep):
                return root + path[len(checkout):]
        return None

    found = []

    def led(value):
        if isinstance(value, str):
            place = mapped(value)
            if place is None:
                return value
            found.append(place)
            return place
        if isinstance(value, dict):
            for key in list(value):
                value[key] = led(value[key])
        elif isinstance(value, list):
            value[:] = [led(item) for item in value]
        elif isinstance(value, tuple):
            return tuple(led(item) for item in value)
        return value

    def lead_attributes(holder):
        for name, value in list(vars(holder).items()):
            if name.startswith("__"):
                continue
            place = led(value)
            if place is not value:
                setattr(holder, name, place)

    def lines(path):
        try:
            with open(path, encoding="utf-8-sig", errors="ignore") as file:
                return [line.strip() for line in file]
        except OSError:
            return []

    links = {}
    for folder in dict.fromkeys([*site.getsitepackages(), *sys.path]):
        if os.path.basename(folder) not in ("site-packages", "dist-packages"):
            continue
        for name in sorted(os.listdir(folder)) if os.path.isdir(folder) else []:
            path = os.path.join(folder, name)
            if name.endswith(".pth"):
                for place in filter(None, map(mapped, lines(path))):
                    found.append(place)
                    if os.path.isdir(place) and place not in sys.path:
                        sys.path.append(place)
            elif os.path.islink(path):
                place = mapped(os.path.normpath(os.path.join(folder, os.readlink(path))))
                if place is not None:
                    found.append(place)
                    links[name[:-3] if name.endswith(".py") else name] = os.path.dirname(place)
    sys.path[:] = dict.fromkeys(mapped(path) or path for path in sys.path)

    class Linked:
        @staticmethod
        def find_spec(name, path=None, target=None):
            place = links.get(name)
            return place and importlib.machinery.PathFinder.find_spec(name, [place])

    if links:
        sys.meta_path.insert(0, Linked)
    for name, module in list(sys.modules.items()):
        if "editable" in name:
            lead_attributes(module)
    for finder in list(sys.meta_path):
        if "editable" in str(getattr(finder, "__module__", "")):
            lead_attributes(finder)
    return bool(found)
`;

/**
 * A module that Python loads at its start, for programs that the project's own commands start. Another one
 * of its name, as systems have, is loaded after it.
 */
function startModule(checkouts: readonly string[], depth: number): string {
  return `${leadToCopy}
def start():
    import importlib.machinery, importlib.util, os, sys

    here = os.path.dirname(os.path.abspath(__file__))
    root = here
    for _ in range(${depth}):
        root = os.path.dirname(root)
    sys.path[:] = [path for path in sys.path if path != here]
    lead_to_copy(${JSON.stringify(checkouts)}, root)
    spec = importlib.machinery.PathFinder.find_spec("sitecustomize", sys.path)
    if spec is not None and spec.loader is not None:
        module = importlib.util.module_from_spec(spec)
        sys.modules["sitecustomize"] = module
        spec.loader.exec_module(module)

start()
`;
}

export interface PythonStart {
  /** Where the project may be named by what is installed, absolute. */
  readonly checkouts: readonly string[];
  /** A folder of the copy, for PYTHONPATH. */
  readonly folder: string;
  readonly files: ReadonlyMap<string, string>;
}

/** What leads programs of Python in a copy to it. */
export async function pythonStart({ host, tools }: RunnerInput): Promise<PythonStart> {
  const checkouts = [...new Set([host.root, (await host.folder('')) ?? host.root])];
  const folder = `${tools}/python`;
  const module = startModule(checkouts, folder.split('/').length);
  return { checkouts, folder, files: new Map([[`${folder}/sitecustomize.py`, module]]) };
}
