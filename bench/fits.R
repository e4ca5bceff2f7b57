# Fits by R, a process for each: see fitmeasure.go. Arguments: files of the
# features (float64, by rows) and classes (int64), rows, columns, variant, with
# or without a table, epsilon, the most iterations, seconds to go on for.
# Prints how often it ran, seconds of processors and of the clock, and the
# coefficients.
a <- commandArgs(TRUE)
n <- as.integer(a[3])
d <- as.integer(a[4])
table <- a[6] == "true"
seconds <- as.numeric(a[9])
x <- matrix(readBin(a[1], "double", n * d), n, byrow = TRUE)
y <- readBin(a[2], "integer", 2 * n)[c(TRUE, FALSE)] # the lower half of each
if (.Platform$endian == "big") stop("needs a little-endian machine")
control <- list(epsilon = as.numeric(a[7]), maxit = as.integer(a[8]))
frame <- data.frame(y, x)
x <- cbind(1, x)
fit <- switch(a[5],
  glm = function() {
    m <- glm(y ~ ., binomial, frame, control = control)
    if (table) summary(m)
    m
  },
  glm.fit = function() glm.fit(x, y, family = binomial(), control = control))
options(warn = -1) # of too few iterations, which were asked for
calls <- 1
if (seconds > 0) {
  fit(); fit(); fit() # compiles it
  calls <- max(5, round(seconds / max(system.time(for (i in 1:5) fit())["elapsed"] / 5, 1e-3)))
}
t <- system.time(for (i in seq_len(calls)) m <- fit())
cat(calls, t["user.self"] + t["sys.self"], t["elapsed"], "\n")
cat(sprintf("%.17g", coef(m)), "\n")
