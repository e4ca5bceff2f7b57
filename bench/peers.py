"""The other side of the benchmarks: answers requests, one line of JSON each, on
standard input. See protocol.go for the requests, task.go for our side."""
import functools, gc, importlib, json, math, os, platform, sys, time, warnings

try:
    import numpy as np
except ImportError:
    sys.exit()  # whoever asks sees that there is nobody
try:
    import torch
except ImportError:
    torch = None

FEATURES, LABELS, WEIGHTS = range(3)
RATE = 1e-3
MIN_CALLS, MIN_WARM = 5, 2


def uniform(stream, n):
    z = (np.arange(n, dtype=np.uint64) + np.uint64((stream << 40) + 1)) * np.uint64(0x9E3779B97F4A7C15)
    z = (z ^ z >> np.uint64(30)) * np.uint64(0xBF58476D1CE4E5B9)
    z = (z ^ z >> np.uint64(27)) * np.uint64(0x94D049BB133111EB)
    return ((z ^ z >> np.uint64(31)) >> np.uint64(11)).astype(np.float64) * 2.0**-53


def matrix(stream, rows, cols, scale=1.0):
    return (scale * ((uniform(stream, rows * cols) - 0.5) * math.sqrt(12))).reshape(rows, cols)


def classes(n, k):
    return (uniform(LABELS, n) * k).astype(np.int64)


# A task is two functions: one does the work, the other takes what that returned
# and returns a number that depends on all of it.

def step(s, variant):
    layers, n = s["layers"], s["rows"]
    x, k = matrix(FEATURES, n, layers[0]), layers[-1]
    y = classes(n, max(k, 2))
    ws = [matrix(WEIGHTS + i, b, a, 1 / math.sqrt(a)) for i, (a, b) in enumerate(zip(layers, layers[1:]))]
    if variant == "sklearn":
        return sklearn_step(x, y, ws)
    F, dtype = torch.nn.functional, torch.float32 if variant.endswith("32") else torch.float64
    x = torch.tensor(x, dtype=dtype)
    y = torch.tensor(y.reshape(-1, 1), dtype=dtype) if k == 1 else torch.tensor(y)
    if variant == "torch.module":
        parts = []
        for w in ws:
            layer = torch.nn.Linear(w.shape[1], w.shape[0], dtype=dtype)
            with torch.no_grad():
                layer.weight.copy_(torch.tensor(w))
                layer.bias.zero_()
            parts += [layer, torch.nn.Sigmoid()]
        net = torch.nn.Sequential(*parts[:-1])
        loss = torch.nn.BCEWithLogitsLoss() if k == 1 else torch.nn.CrossEntropyLoss()
        opt = torch.optim.SGD(net.parameters(), lr=RATE)

        def run():
            opt.zero_grad(set_to_none=True)
            l = loss(net(x), y)
            l.backward()
            opt.step()
            return l
    else:
        ps = [(torch.tensor(w, dtype=dtype, requires_grad=True), torch.zeros(len(w), dtype=dtype, requires_grad=True)) for w in ws]
        flat = [p for pair in ps for p in pair]
        loss = F.binary_cross_entropy_with_logits if k == 1 else F.cross_entropy
        linear, sigmoid, last = F.linear, torch.sigmoid, len(ps) - 1

        def run():
            h = x
            for i, (w, b) in enumerate(ps):
                h = linear(h, w, b)
                if i < last:
                    h = sigmoid(h)
            l = loss(h, y)
            l.backward()
            with torch.no_grad():
                for p in flat:
                    p.sub_(p.grad, alpha=RATE)
                    p.grad = None
            return l
    return run, lambda l: l.item()


def sklearn_step(x, y, ws):
    from sklearn.neural_network import MLPClassifier
    net = MLPClassifier(tuple(len(w) for w in ws[:-1]), activation="logistic", solver="sgd", alpha=0, batch_size=len(x),
                        learning_rate_init=RATE, momentum=0, nesterovs_momentum=False, shuffle=False)
    net.partial_fit(x, y, classes=np.unique(y))
    for w, b, ours in zip(net.coefs_, net.intercepts_, ws):
        w[...] = ours.T
        b[...] = 0
    return lambda: net.partial_fit(x, y), lambda net: net.loss_


def entropy(s, variant):
    n, k = s["rows"], s["cols"]
    x, y = matrix(FEATURES, n, k, 3), classes(n, max(k, 2))
    if variant == "sklearn":
        from sklearn._loss.loss import HalfBinomialLoss, HalfMultinomialLoss
        loss = HalfBinomialLoss() if k == 1 else HalfMultinomialLoss(n_classes=k)
        y, z = y.astype(np.float64), x.reshape(-1) if k == 1 else x
        value, slope, threads = np.empty(n), np.empty_like(z), int(os.environ["OMP_NUM_THREADS"])

        def run():
            loss.loss_gradient(y, z, loss_out=value, gradient_out=slope, n_threads=threads)
            return value.sum()
        return run, lambda total: (total + (slope * z).sum()) / n
    dtype = torch.float32 if variant == "torch32" else torch.float64
    z = torch.tensor(x, dtype=dtype, requires_grad=True)
    y = torch.tensor(y.reshape(-1, 1), dtype=dtype) if k == 1 else torch.tensor(y)
    loss = torch.nn.functional.binary_cross_entropy_with_logits if k == 1 else torch.nn.functional.cross_entropy

    def run():
        z.grad = None
        l = loss(z, y)
        l.backward()
        return l
    return run, lambda l: (l + (z.grad * z).sum()).item()


def gemm(s, variant):
    m, n, k = s["rows"], s["cols"], s["inner"]
    a = matrix(FEATURES, k, m).T if s.get("transA") else matrix(FEATURES, m, k)
    b = matrix(WEIGHTS, n, k).T if s.get("transB") else matrix(WEIGHTS, k, n)
    c = np.empty((m, n))
    return lambda: np.matmul(a, b, out=c), np.linalg.norm


def gram(s, variant):
    x, w = matrix(FEATURES, s["rows"], s["cols"]), uniform(WEIGHTS, s["rows"]).reshape(-1, 1)
    wx, root, g = w * x, np.sqrt(w), np.empty((s["cols"], s["cols"]))

    def product():
        return np.matmul(wx.T, x, out=g)

    def whole():
        np.multiply(w, x, out=wx)
        return np.matmul(wx.T, x, out=g)

    def syrk():  # numpy calls dsyrk for a product with the own transpose
        np.multiply(root, x, out=wx)
        return np.matmul(wx.T, wx, out=g)
    run = {"numpy": whole, "numpy.product": product, "numpy.syrk": syrk}[variant]
    return run, np.linalg.norm


def csv(s, variant):
    import pandas
    precision = "round_trip" if variant == "pandas.exact" else None
    return (lambda: pandas.read_csv(s["file"], float_precision=precision),
            lambda table: np.linalg.norm(table.to_numpy()[:, :-1]))


@functools.lru_cache(1)
def load(x, y, cols):
    return np.fromfile(x).reshape(-1, cols), np.fromfile(y, np.int64)


def fit(s, variant):
    f = s["fit"]
    x, y = load(f["x"], f["y"], s["cols"])
    if variant.endswith("Logit"):
        import statsmodels.api
        model, x = getattr(statsmodels.api, variant), np.column_stack((np.ones(len(x)), x))

        def run():
            m = model(y, x).fit(disp=False, warn_convergence=False, tol=f["tol"], maxiter=f["maxIter"])
            if f["table"]:
                m.summary()
            return m
        return run, lambda m: m.params.T
    from sklearn.linear_model import LogisticRegression
    penalty = {} if f["l2"] else {"C": 1e12} if variant == "liblinear" else {"penalty": None}
    model = LogisticRegression(solver=variant, tol=f["tol"], max_iter=f["maxIter"], **penalty)
    return lambda: model.fit(x, y), lambda m: np.column_stack((m.intercept_, m.coef_))


KINDS = {"step": step, "crossentropy": entropy, "bce": entropy, "gemm": gemm, "gram": gram, "csv": csv, "fit": fit}
tasks = {}


def versions():
    found = {"Python": platform.python_version()}
    for module in ("numpy", "torch", "pandas", "sklearn", "statsmodels"):
        try:
            found[module] = importlib.import_module(module).__version__
        except ImportError:
            pass
    return found


def rest():  # see protocol.go
    for _ in range(50):
        w, c = time.perf_counter(), time.process_time()
        time.sleep(0.02)
        if time.process_time() - c < 0.1 * (time.perf_counter() - w):
            break
    return {}


def answer(q):
    if q["op"] == "hello":
        return {"versions": versions()}
    if q["op"] == "rest":
        return rest()
    if q["op"] == "forget":
        tasks.clear()
        load.cache_clear()
        gc.collect()
        return {}
    key = json.dumps(q["spec"]) + q["variant"]
    if q["op"] == "check":
        run, result = KINDS[q["spec"]["kind"]](q["spec"], q["variant"])
        w, c = time.perf_counter(), time.process_time()
        for _ in range(q["runs"]):
            last = run()
        used = {"calls": q["runs"], "cpu": time.process_time() - c, "wall": time.perf_counter() - w}
        tasks[key] = run
        v = result(last)
        return {"coef": v.ravel().tolist(), **used} if np.ndim(v) else {"value": float(v), **used}
    run = tasks[key]
    wall, cpu = time.perf_counter, time.process_time
    calls, t = 0, wall()
    while q["warm"] > 0 and (calls < MIN_WARM or wall() - t < q["warm"]):
        run()
        calls += 1
    n = max(MIN_CALLS, round(calls * q["seconds"] / (wall() - t))) if calls else 1
    w, c = wall(), cpu()
    for _ in range(n):
        run()
    return {"calls": n, "cpu": cpu() - c, "wall": wall() - w}


warnings.simplefilter("ignore")  # of fits that do not reach what they are asked for: that is shown
gc.disable()  # as timeit does: collections would go through all imported modules
for line in sys.stdin:
    try:
        reply = answer(json.loads(line))
    except Exception as e:
        reply = {"error": f"{type(e).__name__}: {e}"}
    print(json.dumps(reply), flush=True)
