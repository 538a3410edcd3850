package mata.vision;

import java.util.List;
import mata.engine.LoadedModel;
import mata.engine.Signature;
import mata.engine.Tensors;

/** The graph that frames go through, and whatever else its recipe needs loaded: closed with it. */
record Companions(LoadedModel model, List<AutoCloseable> others) implements LoadedModel {

    Companions {
        others = List.copyOf(others);
    }

    @Override
    public Signature signature() {
        return model.signature();
    }

    @Override
    public Tensors run(Tensors inputs) {
        return model.run(inputs);
    }

    @Override
    public void close() {
        model.close();
        closeAll(others);
    }

    static void closeAll(List<? extends AutoCloseable> loaded) {
        for (AutoCloseable one : loaded) {
            try {
                one.close();
            } catch (RuntimeException e) {
                throw e;
            } catch (Exception e) {
                throw new IllegalStateException("nothing that a model needs throws this when it is closed", e);
            }
        }
    }
}
