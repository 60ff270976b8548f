"""The types a skops file may hold beside those that skops itself trusts. A file with any other type is refused.

skops trusts numbers, text, containers, NumPy arrays and scikit-learn's estimators. What it leaves out and these models
cannot do without stands here, by family. None of them runs code from the file, neither when it is made nor when it
scores rows. The two kinds of tree are followed by their own indices without a check of scikit-learn; see
`tree_indices`, which checks them.
"""

from __future__ import annotations

# Every pipeline that remembers the type of a column: the description of a NumPy type.
ARRAYS = frozenset({"numpy.dtype"})

# ColumnTransformer whose columns were chosen by type.
COLUMN_TRANSFORMERS = frozenset({"sklearn.compose._column_transformer.make_column_selector"})

# HistGradientBoosting*: its trees, and how it prepares columns that hold categories.
HISTOGRAM_BOOSTING = frozenset(
    {
        "functools.partial",
        "sklearn.ensemble._hist_gradient_boosting.predictor.TreePredictor",
        "sklearn.utils.validation.check_array",
    }
)

# Decision trees, and the forests and boosted trees made of them.
TREES = frozenset({"sklearn.tree._tree.Tree"})

# CalibratedClassifierCV: one calibrated classifier per fold, and its sigmoid.
CALIBRATION = frozenset({"sklearn.calibration._CalibratedClassifier", "sklearn.calibration._SigmoidCalibration"})

# VotingClassifier, StackingClassifier and their regressors: models by name.
ENSEMBLES = frozenset({"sklearn.utils._bunch.Bunch"})

# MLPClassifier and MLPRegressor: the optimiser's state, unused after fitting.
NEURAL_NETWORKS = frozenset(
    {
        "sklearn.neural_network._stochastic_optimizers.AdamOptimizer",
        "sklearn.neural_network._stochastic_optimizers.SGDOptimizer",
    }
)

# SelectKBest and its relatives: how features were ranked, unused after fitting.
FEATURE_SELECTION = frozenset(
    {
        "sklearn.feature_selection._univariate_selection.chi2",
        "sklearn.feature_selection._univariate_selection.f_classif",
        "sklearn.feature_selection._univariate_selection.f_regression",
    }
)

# Searches over settings: how rows were split, unused after fitting.
SEARCHES = frozenset(
    {
        "sklearn.metrics._scorer._PassthroughScorer",
        "sklearn.model_selection._split.KFold",
        "sklearn.model_selection._split.StratifiedKFold",
    }
)

TRUSTED_TYPES = frozenset().union(
    ARRAYS,
    COLUMN_TRANSFORMERS,
    HISTOGRAM_BOOSTING,
    TREES,
    CALIBRATION,
    ENSEMBLES,
    NEURAL_NETWORKS,
    FEATURE_SELECTION,
    SEARCHES,
)
